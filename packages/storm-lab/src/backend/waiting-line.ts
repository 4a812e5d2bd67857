import { type AttemptTable, stages } from '../fleet/attempt-table.ts'
import { Ring } from '../kernel/ring.ts'

/**
 * Whose turn it is. `fifo`: who came first. `lifo`: who came last. `priority`: the most important, of
 * those who came first. `codel`: who came first, and in overload who came last, while those who
 * waited too long are turned away (Maurer, "Fail at Scale", ACM Queue 2015).
 */
export type Discipline = 'fifo' | 'lifo' | 'priority' | 'codel'

/** How long one may wait in a `codel` line that was empty within the last interval, and how long that is. */
const intervalMs = 100
/** How long one may wait in a `codel` line that was not. */
const targetMs = 5

/** Attempts that wait for a worker. */
export class WaitingLine {
  /** How many wait; those who left are not counted. */
  length = 0
  readonly #attempts: AttemptTable
  readonly #discipline: Discipline
  readonly #expire: (attempt: number) => void
  readonly #lines: readonly Ring[]
  #emptyAtMs = 0

  /** `expire` takes what waited too long. */
  constructor(attempts: AttemptTable, discipline: Discipline, expire: (attempt: number) => void) {
    this.#attempts = attempts
    this.#discipline = discipline
    this.#expire = expire
    this.#lines = discipline === 'priority' ? [new Ring(), new Ring(), new Ring()] : [new Ring()]
  }

  push(attempt: number, nowMs: number): void {
    if (!this.length) this.#emptyAtMs = nowMs
    this.#attempts.stage[attempt] = stages.queued
    this.#attempts.queuedMs[attempt] = nowMs
    this.#lineOf(attempt).push(attempt, this.#attempts.stamp[attempt] as number)
    this.length++
  }

  /** Takes whose turn it is; -1 when nobody waits. */
  take(nowMs: number): number {
    if (this.#discipline === 'codel') return this.#takeFresh(nowMs)
    const isLast = this.#discipline === 'lifo'
    for (const line of this.#lines)
      while (line.length) {
        const attempt = isLast ? line.pop() : line.shift()
        if (this.#stays(attempt, line.stamp)) return attempt
      }
    return -1
  }

  /** Takes the newest of the least important, if it is less important than `attempt`; -1 if none is. */
  displace(attempt: number): number {
    const priority = this.#attempts.priority[attempt] as number
    for (let rank = this.#lines.length - 1; rank > priority; rank--) {
      const line = this.#lines[rank] as Ring
      while (line.length) {
        const newest = line.pop()
        if (this.#stays(newest, line.stamp)) return newest
      }
    }
    return -1
  }

  /** Lets one go that waits. */
  leave(attempt: number): void {
    this.#attempts.stage[attempt] = stages.travelling
    this.length--
  }

  #lineOf(attempt: number): Ring {
    const rank = this.#lines.length > 1 ? (this.#attempts.priority[attempt] as number) : 0
    return this.#lines[rank] as Ring
  }

  /** Whether it is still there; if so it leaves now. */
  #stays(attempt: number, stamp: number): boolean {
    if (!this.#waits(attempt, stamp)) return false
    this.leave(attempt)
    return true
  }

  #waits(attempt: number, stamp: number): boolean {
    const { stage, stamp: stamps } = this.#attempts
    return stamps[attempt] === stamp && stage[attempt] === stages.queued
  }

  #takeFresh(nowMs: number): number {
    const line = this.#lines[0] as Ring
    const isLong = this.length > 0 && nowMs - this.#emptyAtMs > intervalMs
    const patienceMs = isLong ? targetMs : intervalMs
    while (line.length) {
      const oldest = line.first()
      const isThere = this.#waits(oldest, line.stamp)
      if (isThere && nowMs - (this.#attempts.queuedMs[oldest] as number) <= patienceMs) break
      line.shift()
      if (!isThere) continue
      this.leave(oldest)
      this.#expire(oldest)
    }
    while (line.length) {
      const attempt = isLong ? line.pop() : line.shift()
      if (this.#stays(attempt, line.stamp)) return attempt
    }
    return -1
  }
}
