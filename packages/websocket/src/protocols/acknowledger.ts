import type { Clock, Timer } from '@evenkeel/core'

/** When to acknowledge. */
interface AcknowledgeRules {
  readonly acknowledgeEvery: number
  readonly acknowledgeAfterMs: number
}

/** Acknowledges what came in: soon, or at once after so many messages. */
export class Acknowledger {
  readonly #rules: AcknowledgeRules
  readonly #clock: Clock
  readonly #say: () => void
  #count = 0
  #timer: Timer | undefined

  constructor(rules: AcknowledgeRules, clock: Clock, say: () => void) {
    this.#rules = rules
    this.#clock = clock
    this.#say = () => {
      this.stop()
      say()
    }
  }

  /** A message came in. */
  took(): void {
    const { acknowledgeEvery, acknowledgeAfterMs } = this.#rules
    // After the app has it: an acknowledgement says that, not only that it came.
    if (++this.#count === acknowledgeEvery) queueMicrotask(this.#say)
    else this.#timer ??= this.#clock.scheduleAt(this.#clock.now() + acknowledgeAfterMs, this.#say)
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#count = 0
  }
}
