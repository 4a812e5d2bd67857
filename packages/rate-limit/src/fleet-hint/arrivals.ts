import type { Priority } from '@evenkeel/core'
import { priorities } from '../priorities.ts'
import { admittedRatio } from './admission.ts'

/** Of less than this share of a priority nothing is seen. */
const leastRatio = 0.01

const none = (): Record<Priority, number> => ({ critical: 0, important: 0, deferred: 0 })

/** The requests that came in one period, by the level that each was sent by. */
export class Arrivals {
  readonly #byLevel = new Map<number, Record<Priority, number>>()
  readonly #total = none()

  count(priority: Priority, exactLevel: number): void {
    // As its field says it, in three decimals: of so many levels at most counts are kept.
    const level = Math.round(exactLevel * 1000) / 1000
    const counts = this.#byLevel.get(level) ?? none()
    this.#byLevel.set(level, counts)
    counts[priority]++
    this.#total[priority]++
  }

  /**
   * How many of a priority would have come, had all been sent; nothing where next to none could come. What came is divided by the
   * share that was sent of it. Clients that went by different levels are weighed by how many they are, which shows best in
   * the most important priority (Horvitz and Thompson, 1952).
   */
  wanted(priority: Priority, presumedLevel: number): number | undefined {
    const ratio = this.#sentRatio(priority) ?? admittedRatio(presumedLevel, priority)
    return ratio < leastRatio ? undefined : this.#total[priority] / ratio
  }

  /** Which share of a priority was sent; nothing where nobody came. */
  #sentRatio(priority: Priority): number | undefined {
    const seen = priorities.find((each) => this.#total[each] > 0)
    if (!seen) return undefined
    let clients = 0
    let sending = 0
    for (const [level, counts] of this.#byLevel) {
      const ratio = admittedRatio(level, seen)
      if (ratio < leastRatio) continue
      clients += counts[seen] / ratio
      sending += (counts[seen] / ratio) * admittedRatio(level, priority)
    }
    return clients ? sending / clients : undefined
  }
}
