import { type Advice, adviceOf } from './advice.ts'
import {
  advise,
  afterLoss,
  type ConnectDecision,
  connectSucceeded,
  newConnect,
  ruleOf,
} from './connect.ts'
import type { DialGate } from './dial-gate.ts'
import type { ReconnectScheduled } from './events.ts'
import type { Loss } from './loss.ts'
import type { Settings } from './settings.ts'

/** Keeps the memory of a socket's dials, and asks the core what follows from it. */
export class Comeback {
  readonly #settings: Settings
  readonly #gate: DialGate | undefined
  #connect = newConnect()
  #isRefresh = false

  constructor(settings: Settings, gate: DialGate | undefined) {
    this.#settings = settings
    this.#gate = gate
  }

  get failures(): number {
    return this.#connect.failures
  }

  advise(advice: Advice): void {
    advise(this.#connect, advice, this.#settings.clock.now())
  }

  /** What a dial says of itself. */
  dialFacts(): { readonly attempt: number; readonly isRefresh: boolean } {
    const isRefresh = this.#isRefresh
    this.#isRefresh = false
    return { attempt: this.failures + 1, isRefresh }
  }

  /** Takes note of the end, which may bring advice, of a connection that was ready at `readyAtMs`, or `NaN`. */
  ended(loss: Loss, readyAtMs: number): void {
    const { clock, minUptimeMs } = this.#settings
    this.advise(adviceOf(loss))
    if (clock.now() - readyAtMs >= minUptimeMs) connectSucceeded(this.#connect)
  }

  /** Whether no connection can follow an end, however many there have been. */
  isLast(loss: Loss): boolean {
    return ruleOf(loss, this.#settings.closeCodes) === 'stop'
  }

  decide(loss: Loss): ConnectDecision {
    const { random, clock } = this.#settings
    const { isRefreshed } = this.#connect
    const pay = (): boolean => loss.phase !== 'connecting' || this.#gate?.pay(loss) !== false
    const decision = afterLoss(this.#connect, loss, this.#settings, clock.now(), random, pay)
    this.#isRefresh = this.#connect.isRefreshed && !isRefreshed
    return decision
  }

  /** What is told of the dial to come. */
  announce(delayMs: number): ReconnectScheduled {
    const retryAt = new Date(this.#settings.clock.wallNow() + delayMs)
    return { attempt: this.failures + 1, delayMs, retryAt }
  }

  /** Forgets everything. */
  reset(): void {
    this.#connect = newConnect()
  }
}
