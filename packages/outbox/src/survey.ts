import { type EntryWait, type OutboxEntry, ranks } from './entry.ts'
import type { EntryFact } from './events.ts'
import type { Parts } from './parts.ts'

/** What is to be done about what waits. Times are epoch milliseconds. */
export interface Survey<T> {
  /** Not to be sent, and what that is called; without a name it was under way, nobody is at it, and it may be sent again. */
  readonly over: readonly (readonly [entry: OutboxEntry<T>, fact: EntryFact<never> | undefined])[]
  /** What goes next, if something may. */
  readonly next: OutboxEntry<T> | undefined
  /** When any of this may change though nothing happens. */
  readonly lookAtMs: number
  /** Until when nothing is sent at all. */
  readonly heldUntilMs: number
  /** Sends in a row that failed. */
  readonly failures: number
}

/** No epoch time comes to this; stores and dates can hold it. */
export const foreverMs = 1e15

/** From when on an entry is not sent: it is too old, or the server may have forgotten its key. */
export function deadAtMs({ expiresAtMs, firstSentAtMs }: OutboxEntry, keyLifeMs: number): number {
  return Math.min(expiresAtMs, (firstSentAtMs ?? Infinity) + keyLifeMs)
}

/** Looks through the entries, in order: the first of each lane is the one that may go. */
export function survey<T, R>(
  { backlog, duplicates, isExclusive, keyLifeMs, weather }: Parts<T, R>,
  nowMs: number,
): Survey<T> {
  const { lastWait, succeededMs, clearedMs } = weather
  const lanes = new Set<string>()
  const over: [OutboxEntry<T>, EntryFact<never> | undefined][] = []
  const byDedupKey = new Map<string, OutboxEntry<T>>()
  let next: OutboxEntry<T> | undefined
  /** The lowest goes first: what matters more; of the same, what did not fail, or failed longer ago. */
  let nextPlace = Infinity
  let lookAtMs = Infinity
  let heldUntilMs = 0
  let failures = 0
  /** Whether the instant is still to come; if so, that is when to look again. */
  const isAhead = (atMs: number): boolean => {
    if (atMs <= nowMs) return false
    lookAtMs = Math.min(lookAtMs, atMs)
    return true
  }
  /** Takes a wait into account; gives the end of the lane's. One from the future is by a clock that was wrong. */
  const heed = (wait: EntryWait | undefined): number => {
    if (!wait || wait.fromMs > nowMs) return 0
    const { fromMs, laneMs, holdMs, askedMs } = wait
    heldUntilMs = Math.max(heldUntilMs, fromMs + askedMs, fromMs > clearedMs ? fromMs + holdMs : 0)
    if (fromMs > succeededMs) failures = Math.max(failures, wait.failures)
    return fromMs + laneMs
  }
  heed(lastWait)
  for (const entry of backlog.entries.values()) {
    const { id, lane, priority, dedupKey, idempotencyKey, leaseUntilMs, wait } = entry
    const readyAtMs = heed(wait)
    if (backlog.busy.has(id)) lanes.add(lane)
    else if (leaseUntilMs !== undefined) {
      lanes.add(lane)
      if (isExclusive() || !isAhead(leaseUntilMs))
        over.push([
          entry,
          idempotencyKey === undefined ? { type: 'failed', reason: 'outcomeUnknown' } : undefined,
        ])
    } else if (!isAhead(deadAtMs(entry, keyLifeMs))) over.push([entry, { type: 'expired' }])
    else {
      if (dedupKey !== undefined && duplicates === 'replace') {
        const older = byDedupKey.get(dedupKey)
        if (older) over.push([older, { type: 'superseded' }])
        byDedupKey.set(dedupKey, entry)
      }
      if (!lanes.has(lane)) {
        lanes.add(lane)
        const place = ranks[priority] * foreverMs + (wait?.fromMs ?? 0)
        if (!isAhead(readyAtMs) && place < nextPlace) {
          next = entry
          nextPlace = place
        }
      }
    }
  }
  return { over, next, lookAtMs, heldUntilMs, failures }
}
