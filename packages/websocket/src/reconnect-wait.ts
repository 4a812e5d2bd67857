import type { Timer } from '@evenkeel/core'
import type { PlatformSignal } from '@evenkeel/core/network'
import type { ConnectDecision } from './connect.ts'
import type { Cause, Loss } from './loss.ts'
import type { Settings } from './settings.ts'

/** After a local cause it is the tabs of one machine that dial at once, not a million clients. */
const localWindowMs = 250

/** A line that is lost so soon after the page or the network came back was dead before: that took so long to find out. */
const wakeMs = 5000
const lineCauses: readonly Cause[] = ['network', 'heartbeat', 'offline', 'hidden']

/** Whose dials are waited for. */
interface WaitHost {
  readonly settings: Settings
  dial(): void
}

/** The wait before a dial: longer while offline, put off while the page is hidden, cut short when that ends. */
export class ReconnectWait {
  readonly #host: WaitHost
  #timer: Timer | undefined
  #dueAtMs = NaN
  #isHeld = false
  #isStretched = false
  /** Nobody looks: the dial is due as soon as somebody does. */
  #isPutOff = false
  #hurriedAtMs = -Infinity
  #wokenAtMs = -Infinity

  constructor(host: WaitHost) {
    this.#host = host
  }

  /** Waits as decided, and says how long. */
  start({ delayMs, isHeld }: ConnectDecision, { cause, phase }: Loss): number {
    this.#isHeld = isHeld
    this.#isStretched = this.#isPutOff = false
    const nowMs = this.#host.settings.clock.now()
    const wasDead = phase === 'open' && lineCauses.includes(cause)
    const isLocal = wasDead && nowMs - this.#wokenAtMs < wakeMs && this.#mayHurry(nowMs)
    const waitMs = isLocal ? Math.min(delayMs, this.#hurry(nowMs)) : delayMs
    this.#schedule(waitMs)
    return waitMs
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#isPutOff = false
    this.#dueAtMs = NaN
  }

  /** The network or the page is back: dials at once, unless the server's wait is not over. */
  tell(signal: PlatformSignal): void {
    if (signal === 'offline' || signal === 'hidden') return
    const nowMs = this.#host.settings.clock.now()
    this.#wokenAtMs = nowMs
    const isWaiting = !Number.isNaN(this.#dueAtMs)
    const wasDue = this.#isPutOff || (this.#isStretched && this.#host.settings.signals.isOnline())
    if (!isWaiting || !(wasDue || this.#mayHurry(nowMs))) return
    this.#isStretched = this.#isPutOff = false
    const delayMs = this.#hurry(nowMs)
    if (!(this.#dueAtMs > nowMs && this.#dueAtMs < nowMs + delayMs)) this.#schedule(delayMs)
  }

  /** Not for the server's sake, nor for a network that comes and goes every second. */
  #mayHurry(nowMs: number): boolean {
    return !this.#isHeld && nowMs - this.#hurriedAtMs >= this.#host.settings.firstWindowMs
  }

  #hurry(nowMs: number): number {
    this.#hurriedAtMs = nowMs
    return this.#host.settings.random() * localWindowMs
  }

  #schedule(delayMs: number): void {
    const { clock } = this.#host.settings
    this.#timer?.cancel()
    this.#dueAtMs = clock.now() + delayMs
    this.#timer = clock.scheduleAt(this.#dueAtMs, () => this.#due())
  }

  #due(): void {
    const { signals, whileHidden, maxDelayMs } = this.#host.settings
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
