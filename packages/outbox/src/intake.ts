import { EvenkeelError, errorCode } from '@evenkeel/core'
import { checkEntry, type OutboxEntry } from './entry.ts'
import type { EnqueueOptions } from './options.ts'
import type { Parts } from './parts.ts'
import { payloadBytes } from './payload-bytes.ts'
import { enqueueSettingsOf } from './settings.ts'

/** What the app puts in, changes and takes out. Each throws what the store throws. */
export interface Intake<T> {
  /** Stores an entry. */
  add(payload: T, options?: EnqueueOptions): Promise<OutboxEntry<T>>
  /** Gives it another payload; false when it is gone, under way, or may have reached the server. */
  edit(id: string, payload: T): Promise<boolean>
  /** Takes it out; false when it is gone or under way. */
  remove(id: string): Promise<boolean>
}

/** How often a change is tried while other pages get in between. */
const maxTries = 10

export function createIntake<T, R>({
  backlog,
  createKey,
  duplicates,
  epochMs,
  isExclusive,
  maxBytes,
  maxEntries,
  overflow,
  priority: priorityOf,
  report,
  tell,
  ttlMs: standardTtlMs,
}: Parts<T, R>): Intake<T> {
  const full = (): EvenkeelError =>
    new EvenkeelError('QUEUE_FULL', `The outbox takes ${maxEntries} entries of ${maxBytes} bytes`)

  /** Looks and acts until nobody got in between; `undefined` says that somebody did. */
  async function insist<V>(act: (tries: number) => Promise<V | undefined>): Promise<V> {
    for (let tries = 0; tries < maxTries; tries++) {
      await backlog.fresh()
      const outcome = await act(tries)
      if (outcome !== undefined) return outcome
    }
    throw new EvenkeelError('STORE_CONFLICT', 'Other pages changed the outbox all the time')
  }

  /** Stores an entry, in the place of others if need be. */
  function store(entry: OutboxEntry<T>): Promise<OutboxEntry<T>> {
    const { id, dedupKey } = entry
    // How many must go since the store has no room, though the bounds leave some.
    let least = 0
    let cause: unknown
    return insist(async (tries) => {
      backlog.show(id, entry)
      const { bytes } = backlog.counts()
      const older: OutboxEntry<T>[] = []
      const others: OutboxEntry<T>[] = []
      for (const each of backlog.entries.values())
        if (each.id !== id && each.leaseUntilMs === undefined)
          (dedupKey !== undefined && each.dedupKey === dedupKey ? older : others).push(each)
      if (older.length > 0 && duplicates === 'reject')
        throw new EvenkeelError('DUPLICATE_ENTRY', `An entry for ${dedupKey} waits already`)
      const fits = (victims: readonly OutboxEntry[]): boolean => {
        const gone = [...older, ...victims]
        return (
          victims.length >= least &&
          backlog.entries.size - gone.length <= maxEntries &&
          gone.reduce((sum, each) => sum - each.bytes, bytes) <= maxBytes
        )
      }
      const chosen = fits([]) ? [] : (overflow({ entry, others, fits }) ?? [])
      const victims = others.filter((each) => chosen.includes(each))
      if (!fits(victims)) {
        cause ??= full()
        report({ type: 'quotaExceeded', error: cause })
        throw cause
      }
      const gone = [...older, ...victims]
      try {
        if (!(await backlog.commit(entry, gone))) return undefined
      } catch (error) {
        if (errorCode(error) !== 'QUOTA_EXCEEDED') throw error
        cause = error
        // More each time, as many may have to go for one; and in the end it has no room for it.
        least = tries < maxTries - 2 ? 2 * victims.length + 1 : Infinity
        return undefined
      }
      for (const each of gone) tell(each, { type: older.includes(each) ? 'superseded' : 'evicted' })
      tell(entry, { type: 'stored' })
      return entry
    })
  }

  /** Changes what waits, or takes it out; false when it is gone, under way, or may not be changed any more. */
  const change = (id: string, changes?: Pick<OutboxEntry<T>, 'payload' | 'bytes'>) =>
    insist(async (tries) => {
      const entry = backlog.entries.get(id)
      if (!entry || entry.leaseUntilMs !== undefined) {
        if (tries > 0 || backlog.busy.has(id)) return false
        // It was so when last seen; pages don't tell each other of every try.
        backlog.doubt()
        return undefined
      }
      if (!changes) {
        if (!(await backlog.commit(undefined, [entry]))) return undefined
        tell(entry, { type: 'removed' })
        return true
      }
      if (entry.firstSentAtMs !== undefined) return false
      if (backlog.counts().bytes - entry.bytes + changes.bytes > maxBytes) throw full()
      const after = await backlog.change(entry, changes)
      if (after) tell(after, { type: 'edited' })
      return !!after || undefined
    })

  return {
    async add(payload, options = {}) {
      const {
        lane,
        idempotencyKey = true,
        dedupKey,
        ttlMs,
      } = enqueueSettingsOf(options, standardTtlMs)
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
        priority: priorityOf(lane),
        payload: copy,
        // A `null` is refused below: it must not mean that the entry is sent at most once.
        idempotencyKey:
          typeof idempotencyKey === 'boolean'
            ? idempotencyKey
              ? createKey()
              : undefined
            : idempotencyKey,
        dedupKey,
        bytes: payloadBytes(copy),
        enqueuedAtMs,
        expiresAtMs: enqueuedAtMs + ttlMs,
        attempts: 0,
        firstSentAtMs: undefined,
        leaseUntilMs: undefined,
        wait: undefined,
      }
      checkEntry(entry)
      // At once: the id of what is enqueued in the same moment comes after.
      backlog.lastId = id
      backlog.busy.add(id)
      return store(entry)
        .catch((error: unknown) => {
          backlog.show(id)
          throw error
        })
        .finally(() => backlog.busy.delete(id))
    },
    async edit(id, payload) {
      const copy = structuredClone(payload)
      return change(id, { payload: copy, bytes: payloadBytes(copy) })
    },
    async remove(id) {
      if (!backlog.aside.has(id)) return change(id)
      await backlog.forget(id)
      return backlog.aside.delete(id)
    },
  }
}
