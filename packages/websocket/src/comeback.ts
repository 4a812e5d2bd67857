import type { Timer } from '@evenkeel/core'
import type { PlatformSignal } from '@evenkeel/core/network'
import { type Advice, adviceIn } from './advice.ts'
import { advise, afterLoss, type ConnectDecision, connectSucceeded, newConnect } from './connect.ts'
import type { DialGate } from './dial-gate.ts'
import type { ReconnectScheduled } from './events.ts'
import type { Loss } from './loss.ts'
import type { Settings } from './settings.ts'

/** After a local cause it is the tabs of one machine that dial at once, not a million clients. */
const localWindowMs = 250

/** A line that is lost so soon after the page or the network came back was dead before: that took so long to find out. */
const wakeMs = 5000

/** Whose dials are waited for. */
interface ComebackHost {
  readonly settings: Settings
  readonly gate: DialGate | undefined
  dial(): void
}

/**
 * When a socket comes back: keeps the memory of its dials, asks the core what follows from it, and waits: longer
 * while offline, put off while the page is hidden, cut short when that ends.
 */
export class Comeback {
  readonly #host: ComebackHost
  readonly #settings: Settings
  readonly #connect = newConnect()
  #isRefresh = false
  #timer: Timer | undefined
  #dueAtMs = Infinity
  #isHeld = false
  #isStretched = false
  /** Nobody looks: the dial is due as soon as somebody does. */
  #isPutOff = false
  #hurriedAtMs = -Infinity
  #wokenAtMs = -Infinity

  constructor(host: ComebackHost) {
    this.#host = host
    this.#settings = host.settings
  }

  get failures(): number {
    return this.#connect.failures
  }

  get #nowMs(): number {
    return this.#settings.clock.now()
  }

  advise(advice: Advice): void {
    advise(this.#connect, advice, this.#nowMs)
  }

  /** What a dial says of itself. */
  dialFacts(): { readonly attempt: number; readonly isRefresh: boolean } {
    const isRefresh = this.#isRefresh
    this.#isRefresh = false
    return { attempt: this.failures + 1, isRefresh }
  }

  /** Takes note of the end, which may bring advice, of a connection that was ready at `readyAtMs`, or `Infinity`. */
  ended(loss: Loss, readyAtMs: number): void {
    this.advise(adviceIn(loss.reason))
    if (this.#nowMs - readyAtMs >= this.#settings.minUptimeMs) connectSucceeded(this.#connect)
  }

  decide(loss: Loss): ConnectDecision {
    const { random } = this.#settings
    const { gate } = this.#host
    const pay = (): boolean => loss.phase !== 'connecting' || gate?.pay(loss) !== false
    const decision = afterLoss(this.#connect, loss, this.#settings, this.#nowMs, random, pay)
    this.#isRefresh = decision.isRefresh === true
    return decision
  }

  /** Waits as decided, and says how long. */
  wait({ delayMs, isHeld }: ConnectDecision, { cause, phase }: Loss): ReconnectScheduled {
    this.#isHeld = isHeld
    this.#isStretched = false
    const wasDead = phase === 'open' && cause !== 'server'
    const isLocal = wasDead && this.#nowMs - this.#wokenAtMs < wakeMs && this.#mayHurry
    const waitMs = isLocal ? Math.min(delayMs, this.#hurry()) : delayMs
    this.#schedule(waitMs)
    const retryAt = new Date(this.#settings.clock.wallNow() + waitMs)
    return { attempt: this.failures + 1, delayMs: waitMs, retryAt }
  }

  /** Waits no more. */
  stop(): void {
    this.#timer?.cancel()
    this.#isPutOff = false
    this.#dueAtMs = Infinity
  }

  /** The network or the page is back: dials at once, unless the server's wait is not over. */
  tell(signal: PlatformSignal): void {
    if (signal === 'offline' || signal === 'hidden') return
    this.#wokenAtMs = this.#nowMs
    const isWaiting = this.#dueAtMs < Infinity
    const wasDue = this.#isPutOff || (this.#isStretched && this.#settings.signals.isOnline())
    if (!isWaiting || !(wasDue || this.#mayHurry)) return
    this.#isStretched = false
    const delayMs = this.#hurry()
    const leftMs = this.#dueAtMs - this.#nowMs
    if (!(leftMs > 0 && leftMs < delayMs)) this.#schedule(delayMs)
  }

  /** Not for the server's sake, nor for a network that comes and goes every second. */
  get #mayHurry(): boolean {
    const sinceMs = this.#nowMs - this.#hurriedAtMs
    return !this.#isHeld && sinceMs >= this.#settings.firstWindowMs
  }

  #hurry(): number {
    this.#hurriedAtMs = this.#nowMs
    return this.#settings.random() * localWindowMs
  }

  #schedule(delayMs: number): void {
    this.stop()
    this.#dueAtMs = this.#nowMs + delayMs
    this.#timer = this.#settings.clock.scheduleAt(this.#dueAtMs, () => this.#due())
  }

  #due(): void {
    const { signals, whileHidden, maxDelayMs } = this.#settings
    if (!whileHidden && !signals.isVisible()) this.#isPutOff = true
    else if (!this.#isStretched && !signals.isOnline()) {
      // Not for ever: platforms have said "offline" of networks that worked.
      this.#isStretched = true
      this.#schedule(maxDelayMs)
    } else {
      this.stop()
      this.#host.dial()
    }
  }
}
