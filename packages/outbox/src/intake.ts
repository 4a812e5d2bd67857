import { EvenkeelError, errorCode } from '@evenkeel/core'
import type { OutboxEntry } from './entry.ts'
import type { EnqueueOptions } from './options.ts'
import type { Parts } from './parts.ts'
import { payloadBytes } from './payload-bytes.ts'
import { check } from './settings.ts'
import { ranks } from './survey.ts'

/** What the app puts in, changes and takes out. Each throws what the store throws. */
export interface Intake<T> {
  /** Stores an entry. */
  add(payload: T, options: EnqueueOptions): Promise<OutboxEntry<T>>
  /** Gives it another payload; false when it is gone, under way, or may have reached the server. */
  edit(id: string, payload: T): Promise<boolean>
  /** Takes it out; false when it is gone or under way. */
  remove(id: string): Promise<boolean>
}

/** How often an entry is tried to store while other pages get in between. */
const maxTries = 10

export function createIntake<T, R>(
  { backlog, settings, isExclusive, epochMs, tell }: Parts<T, R>,
  quotaExceeded: (error: unknown) => void,
): Intake<T> {
  const { createKey, duplicates, maxBytes, maxEntries, overflow, priority: priorityOf } = settings

  const full = (): EvenkeelError =>
    new EvenkeelError('QUEUE_FULL', `The outbox takes ${maxEntries} entries of ${maxBytes} bytes`)

  /** Stores an entry, in the place of others if need be. */
  async function store(entry: OutboxEntry<T>): Promise<void> {
    const { id, dedupKey } = entry
    // How many must go since the store has no room, though the bounds leave some.
    let least = 0
    let cause: unknown
    for (let tries = 0; tries < maxTries; tries++) {
      await backlog.fresh()
      const waiting = [...backlog.entries.values()].filter(
        (each) => each.id !== id && each.leaseUntilMs === undefined,
      )
      const older = waiting.filter((each) => dedupKey !== undefined && each.dedupKey === dedupKey)
      if (older.length > 0 && duplicates === 'reject')
        throw new EvenkeelError('DUPLICATE_ENTRY', `An entry for ${dedupKey} waits already`)
      backlog.show(id, entry)
      const fits = (victims: readonly OutboxEntry[]): boolean => {
        const gone = [...older, ...victims]
        return (
          victims.length >= least &&
          backlog.entries.size - gone.length <= maxEntries &&
          gone.reduce((bytes, each) => bytes - each.bytes, backlog.bytes) <= maxBytes
        )
      }
      const others = waiting.filter((each) => !older.includes(each))
      const victims = (fits([]) ? [] : overflow?.({ entry, others, fits })) as
        | OutboxEntry<T>[]
        | undefined
      if (!victims) {
        cause ??= full()
        quotaExceeded(cause)
        throw cause
      }
      const gone = [...older, ...victims]
      try {
        if (
          await backlog.commit(
            [undefined, entry],
            ...gone.map((each) => [each, undefined] as const),
          )
        ) {
          for (const each of gone)
            tell(each, { type: older.includes(each) ? 'superseded' : 'evicted' })
          return
        }
      } catch (error) {
        if (errorCode(error) !== 'QUOTA_EXCEEDED') throw error
        cause = error
        least = victims.length + 1
      }
    }
    throw new EvenkeelError('STORE_CONFLICT', 'Other pages changed the outbox all the time')
  }

  /** Changes what is not under way: into what `next` gives, or not at all if that is the same. */
  async function change(
    id: string,
    type: 'edited' | 'removed',
    next: (entry: OutboxEntry<T>) => OutboxEntry<T> | undefined,
  ): Promise<boolean> {
    await backlog.fresh()
    const entry = backlog.entries.get(id)
    if (!entry || entry.leaseUntilMs !== undefined) return false
    const after = next(entry)
    if (after === entry || !(await backlog.commit([entry, after]))) return false
    tell(after ?? entry, { type })
    return true
  }

  return {
    async add(
      payload,
      { lane = 'default', idempotencyKey = true, dedupKey, ttlMs = settings.ttlMs },
    ) {
      check('ttlMs', ttlMs)
      const priority = priorityOf(lane)
      if (!(ranks[priority] >= 0))
        throw new RangeError(
          `outbox: priority must be critical, important or deferred, got ${priority}`,
        )
      // One key for all would make them one request.
      if (idempotencyKey === '') throw new RangeError('outbox: idempotencyKey must not be empty')
      if (!idempotencyKey && !isExclusive())
        throw new EvenkeelError(
          'KEY_REQUIRED',
          'Without Web Locks an entry needs an idempotency key',
        )
      const copy = structuredClone(payload)
      const enqueuedAtMs = Math.floor(epochMs())
      await backlog.fresh()
      const order = Math.max(enqueuedAtMs, (Number.parseInt(backlog.lastId, 36) || 0) + 1)
      const id = `${order.toString(36).padStart(9, '0')}-${createKey()}`
      const entry: OutboxEntry<T> = {
        version: 1,
        id,
        revision: 1,
        lane,
        priority,
        payload: copy,
        idempotencyKey: idempotencyKey === true ? createKey() : idempotencyKey || undefined,
        dedupKey,
        bytes: payloadBytes(copy),
        enqueuedAtMs,
        expiresAtMs: enqueuedAtMs + ttlMs,
        attempts: 0,
        firstSentAtMs: undefined,
        leaseUntilMs: undefined,
        wait: undefined,
      }
      backlog.busy.add(id)
      try {
        await store(entry)
      } catch (error) {
        backlog.show(id, undefined)
        throw error
      } finally {
        backlog.busy.delete(id)
      }
      tell(entry, { type: 'stored' })
      return entry
    },
    async edit(id, payload) {
      const copy = structuredClone(payload)
      const bytes = payloadBytes(copy)
      return change(id, 'edited', (entry) => {
        if (entry.firstSentAtMs !== undefined) return entry
        if (backlog.bytes - entry.bytes + bytes > maxBytes) throw full()
        return { ...entry, revision: entry.revision + 1, payload: copy, bytes }
      })
    },
    async remove(id) {
      if (!backlog.aside.has(id)) return change(id, 'removed', () => undefined)
      await backlog.discard(id)
      return true
    },
  }
}
