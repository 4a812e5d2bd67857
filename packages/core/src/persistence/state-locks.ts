import type { Release } from '../cancellation.ts'
import type { Clock, Timer } from '../clock.ts'

/** As of `navigator.locks`. */
export interface StateLocks {
  /** Calls back with the lock if it is to be had, and with `null` if not; holds it until what that gives is settled. */
  request(
    name: string,
    options: { readonly ifAvailable: true },
    callback: (lock: unknown) => Promise<void> | undefined,
  ): Promise<unknown>
}

/** How long a lock outlives what it was for: so long the news of that may take to reach every tab. */
const lingerMs = 250

/** Claims that one tab at a time can have; without locks, one of all who ask here. */
export class StateClaims {
  readonly #locks: StateLocks | undefined
  readonly #prefix: string
  readonly #clock: Clock
  readonly #held = new Map<string, Release>()
  readonly #timers = new Set<Timer>()
  #isClosed = false

  constructor(locks: StateLocks | undefined, prefix: string, clock: Clock) {
    this.#locks = locks
    this.#prefix = prefix
    this.#clock = clock
  }

  /** Gives `undefined` while somebody has it. */
  async claim(what: string): Promise<Release | undefined> {
    if (this.#held.has(what)) return undefined
    // Taken at once: the platform answers later.
    this.#held.set(what, () => {})
    const give = await this.#lock(what)
    if (!give) {
      this.#held.delete(what)
      return undefined
    }
    const release = (): void => {
      give()
      this.#held.delete(what)
    }
    this.#held.set(what, release)
    if (this.#isClosed) release()
    return () => {
      if (!this.#locks || this.#isClosed) return release()
      const clock = this.#clock
      const timer = clock.scheduleAt(clock.now() + lingerMs, () => this.#end(timer, release))
      this.#timers.add(timer)
    }
  }

  /** Gives all back. */
  close(): void {
    this.#isClosed = true
    for (const timer of this.#timers) timer.cancel()
    this.#timers.clear()
    for (const release of [...this.#held.values()]) release()
  }

  #end(timer: Timer, release: Release): void {
    this.#timers.delete(timer)
    release()
  }

  /** Gives how to give the lock back. Where there are none, or they refuse, as in a sandboxed frame, this tab is alone. */
  #lock(what: string): Promise<Release | undefined> {
    const locks = this.#locks
    if (!locks) return Promise.resolve(() => {})
    return new Promise((resolve) => {
      const hold = (lock: unknown): Promise<void> | undefined => {
        if (!lock) {
          resolve(undefined)
          return undefined
        }
        return new Promise((giveBack) => resolve(giveBack))
      }
      try {
        locks
          .request(`${this.#prefix} ${what}`, { ifAvailable: true }, hold)
          .catch(() => resolve(() => {}))
      } catch {
        resolve(() => {})
      }
    })
  }
}
