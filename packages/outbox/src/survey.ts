import type { EntryWait, OutboxEntry } from './entry.ts'

/** What is to be done about what waits. Times are epoch milliseconds. */
export interface Survey<T> {
  /** Not to be sent: too old, or another entry has taken its place. */
  readonly ended: readonly (readonly [entry: OutboxEntry<T>, type: 'expired' | 'superseded'])[]
  /** Under way, but nobody is at it. */
  readonly orphans: readonly OutboxEntry<T>[]
  /** What goes next, if something may. */
  readonly next: OutboxEntry<T> | undefined
  /** When any of this may change though nothing happens. */
  readonly lookAtMs: number
  /** Until when nothing is sent at all. */
  readonly heldUntilMs: number
  /** Sends in a row that failed. */
  readonly failures: number
}

/** What a survey goes by. */
export interface SurveyRules {
  readonly keyLifeMs: number
  readonly duplicates: 'replace' | 'reject'
  /** Whether whoever else had it under way must be gone; else its lease says so. */
  readonly isExclusive: boolean
  /** What this page is at, by id. */
  readonly busy: ReadonlySet<string>
  /** The wait after the last failure, whose entry may be gone. */
  readonly lastWait: EntryWait | undefined
  /** When a send last succeeded. */
  readonly succeededMs: number
  /** Waits of one's own choice from before this are over. */
  readonly clearedMs: number
}

/** Which of the lanes that can go goes first. */
export const ranks = { critical: 0, important: 1, deferred: 2 } as const

/** From when on an entry is not sent: it is too old, or the server may have forgotten its key. */
export function deadAtMs({ expiresAtMs, firstSentAtMs }: OutboxEntry, keyLifeMs: number): number {
  return Math.min(expiresAtMs, (firstSentAtMs ?? Infinity) + keyLifeMs)
}

/** Whether `a` goes before `b`: what matters more; of the same, what did not fail, or failed longer ago; else what is older. */
function isBefore(a: OutboxEntry, b: OutboxEntry): boolean {
  const rank = ranks[a.priority] - ranks[b.priority]
  return rank < 0 || (rank === 0 && (a.wait?.fromMs ?? 0) < (b.wait?.fromMs ?? 0))
}

/** Looks through the entries, in order: the first of each lane is the one that may go. */
export function survey<T>(
  entries: Iterable<OutboxEntry<T>>,
  nowMs: number,
  { keyLifeMs, duplicates, isExclusive, busy, lastWait, succeededMs, clearedMs }: SurveyRules,
): Survey<T> {
  const lanes = new Set<string>()
  const ended: [OutboxEntry<T>, 'expired' | 'superseded'][] = []
  const orphans: OutboxEntry<T>[] = []
  const byDedupKey = new Map<string, OutboxEntry<T>>()
  let next: OutboxEntry<T> | undefined
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
  for (const entry of entries) {
    const { id, lane, dedupKey, leaseUntilMs } = entry
    const readyAtMs = heed(entry.wait)
    if (busy.has(id)) lanes.add(lane)
    else if (leaseUntilMs !== undefined) {
      lanes.add(lane)
      if (isExclusive || !isAhead(leaseUntilMs)) orphans.push(entry)
    } else if (!isAhead(deadAtMs(entry, keyLifeMs))) ended.push([entry, 'expired'])
    else {
      if (dedupKey !== undefined && duplicates === 'replace') {
        const older = byDedupKey.get(dedupKey)
        if (older) ended.push([older, 'superseded'])
        byDedupKey.set(dedupKey, entry)
      }
      if (!lanes.has(lane)) {
        lanes.add(lane)
        if (!isAhead(readyAtMs) && (!next || isBefore(entry, next))) next = entry
      }
    }
  }
  return { ended, orphans, next, lookAtMs, heldUntilMs, failures }
}
