import type { Timer } from '@evenkeel/core'
import type { PlatformSignal } from '@evenkeel/core/network'
import type { ConnectDecision } from './connect.ts'
import type { Settings } from './settings.ts'

/** After a local cause it is the tabs of one machine that dial at once, not a million clients. */
const localWindowMs = 250

/** The wait before a dial: longer while offline, put off while the page is hidden, cut short when that ends. */
export class ReconnectWait {
  readonly #settings: Settings
  readonly #onDue: () => void
  #timer: Timer | undefined
  #dueAtMs = NaN
  #isHeld = false
  #isStretched = false
  /** Nobody looks: the dial is due as soon as somebody does. */
  #isPutOff = false
  #hurriedAtMs = -Infinity

  constructor(settings: Settings, onDue: () => void) {
    this.#settings = settings
    this.#onDue = onDue
  }

  start({ delayMs, isHeld }: ConnectDecision): void {
    this.#isHeld = isHeld
    this.#isStretched = this.#isPutOff = false
    this.#schedule(delayMs)
  }

  stop(): void {
    this.#timer?.cancel()
    this.#isPutOff = false
    this.#dueAtMs = NaN
  }

  /** The network or the page is back: dials at once, unless the server's wait is not over. */
  tell(signal: PlatformSignal): void {
    if (Number.isNaN(this.#dueAtMs) || signal === 'offline' || signal === 'hidden') return
    const { clock, random, rules } = this.#settings
    const nowMs = clock.now()
    // A network that comes and goes every second must not make a dial of each.
    const isHasty = nowMs - this.#hurriedAtMs < rules.firstWindowMs
    if (!this.#isPutOff && (this.#isHeld || isHasty)) return
    this.#hurriedAtMs = nowMs
    this.#isPutOff = false
    const delayMs = random() * localWindowMs
    if (!(this.#dueAtMs > nowMs && this.#dueAtMs < nowMs + delayMs)) this.#schedule(delayMs)
  }

  #schedule(delayMs: number): void {
    const { clock } = this.#settings
    this.#timer?.cancel()
    this.#dueAtMs = clock.now() + delayMs
    this.#timer = clock.scheduleAt(this.#dueAtMs, () => this.#due())
  }

  #due(): void {
    const { signals, whileHidden, rules } = this.#settings
    if (!whileHidden && !signals.isVisible()) this.#isPutOff = true
    else if (!this.#isStretched && !signals.isOnline()) {
      // Not for ever: platforms have said "offline" of networks that worked.
      this.#isStretched = true
      this.#schedule(rules.maxDelayMs)
    } else {
      this.stop()
      this.#onDue()
    }
  }
}
