import type { Clock, Timer } from '@evenkeel/core'

const maxReminders = 1000

/** Calls back later, for as long as the bot runs: nothing of it outlives the process. */
export class Reminders {
  readonly #clock: Clock
  readonly #timers = new Set<Timer>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get pending(): number {
    return this.#timers.size
  }

  /** Whether it will; there is room for so many. */
  add(delayMs: number, remind: () => void): boolean {
    if (this.#timers.size >= maxReminders) return false
    const timer = this.#clock.scheduleAt(this.#clock.now() + delayMs, () => {
      this.#timers.delete(timer)
      remind()
    })
    this.#timers.add(timer)
    return true
  }

  /** Forgets all. */
  close(): void {
    for (const timer of this.#timers) timer.cancel()
    this.#timers.clear()
  }
}
