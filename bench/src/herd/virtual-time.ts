/** Time that goes from one instant with something to do straight to the next; instants are whole milliseconds. */
export class VirtualTime {
  nowMs: number
  readonly #due = new Map<number, (() => void)[]>()
  #lastMs: number

  constructor(startMs: number) {
    this.nowMs = this.#lastMs = startMs
  }

  /** Runs `task` then, rounded up; now, after all else that is due, if that is not in the future. */
  at(atMs: number, task: () => void): void {
    const instantMs = Math.max(Math.ceil(atMs), this.nowMs)
    const tasks = this.#due.get(instantMs)
    if (tasks) tasks.push(task)
    else this.#due.set(instantMs, [task])
    this.#lastMs = Math.max(this.#lastMs, instantMs)
  }

  /** Plays the next instant up to `endMs` that has something to do; `false` if there is none. */
  step(endMs: number): boolean {
    const untilMs = Math.min(endMs, this.#lastMs)
    for (let instantMs = this.nowMs; instantMs <= untilMs; instantMs++) {
      const tasks = this.#due.get(instantMs)
      if (!tasks) continue
      this.nowMs = instantMs
      // What runs may add to this very instant.
      for (const task of tasks) task()
      this.#due.delete(instantMs)
      return true
    }
    return false
  }
}
