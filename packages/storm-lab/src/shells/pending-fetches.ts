import type { AttemptTable } from '../fleet/attempt-table.ts'
import type { CallTable } from '../fleet/call-table.ts'
import type { PendingFetch } from './pending-fetch.ts'

/** Who waits for which answer, by attempt and by call. */
export class PendingFetches {
  readonly #attempts: AttemptTable
  readonly #calls: CallTable
  readonly #byAttempt: (PendingFetch | undefined)[] = []
  /** The first of each call; the others follow it. */
  readonly #byCall: (PendingFetch | undefined)[] = []

  constructor(attempts: AttemptTable, calls: CallTable) {
    this.#attempts = attempts
    this.#calls = calls
  }

  add(pending: PendingFetch): void {
    this.#byAttempt[this.#attempts.numberOf(pending.attempt)] = pending
    const call = this.#calls.numberOf(pending.call)
    let last = this.#byCall[call]
    if (!last) this.#byCall[call] = pending
    else {
      while (last.next) last = last.next
      last.next = pending
    }
  }

  /** Takes who waits for an attempt, if anybody does. */
  take(attempt: number): PendingFetch | undefined {
    const number = this.#attempts.numberOf(attempt)
    const pending = this.#byAttempt[number]
    if (!pending) return undefined
    this.#byAttempt[number] = undefined
    const call = this.#calls.numberOf(pending.call)
    let before = this.#byCall[call]
    if (before === pending) this.#byCall[call] = pending.next
    else {
      while (before && before.next !== pending) before = before.next
      if (before) before.next = pending.next
    }
    return pending
  }

  /** Takes all of a call, and gives the first. */
  takeAll(call: number): PendingFetch | undefined {
    const number = this.#calls.numberOf(call)
    const first = this.#byCall[number]
    this.#byCall[number] = undefined
    for (let each = first; each; each = each.next)
      this.#byAttempt[this.#attempts.numberOf(each.attempt)] = undefined
    return first
  }
}
