import { EvenkeelError, notify } from '@evenkeel/core'
import { openBacklog } from './backlog.ts'
import { checkType } from './checks.ts'
import type { OutboxEntry } from './entry.ts'
import type { EntryFact, OutboxCounts, OutboxEvent, StoreFact } from './events.ts'
import { createIntake } from './intake.ts'
import type { EnqueueOptions, OutboxOptions, Send } from './options.ts'
import type { Parts } from './parts.ts'
import { createSender } from './sender.ts'
import { settingsOf } from './settings.ts'
import type { OutboxStore, StoreNote } from './store.ts'

/** Mutations that are sent sooner or later, in order, and reported if not. */
export interface Outbox<T = unknown> extends AsyncDisposable {
  /** As this page last saw it. */
  readonly counts: OutboxCounts
  /**
   * Stores an entry, to be sent as soon as that can be. Once this resolves, it survives page and process.
   *
   * @throws `QUEUE_FULL`, `QUOTA_EXCEEDED`, `DUPLICATE_ENTRY`, `KEY_REQUIRED`, `STORE_LOCKED`,
   * `STORE_VERSION`, `STORE_CONFLICT`, `OUTBOX_CLOSED`; `DataCloneError` or `TypeError` for a payload
   * that cannot be stored, `RangeError` for a bad option
   */
  enqueue(payload: T, options?: EnqueueOptions): Promise<OutboxEntry<T>>
  /** What waits or is under way, in order. */
  entries(): Promise<OutboxEntry<T>[]>
  /**
   * Gives an entry another payload; false when it is gone, under way, or may have reached the server.
   *
   * @throws `QUEUE_FULL`, `STORE_CONFLICT`, and what the store throws
   */
  edit(id: string, payload: T): Promise<boolean>
  /**
   * Takes an entry out, or what was set aside; false when it is gone or under way.
   *
   * @throws `STORE_CONFLICT`, and what the store throws
   */
  remove(id: string): Promise<boolean>
  /** Starts no send here any more; resolves when none is under way, whatever the store does, or it goes on. Other pages do. */
  pause(): Promise<void>
  /** Ends the pause: what waited is sent on the ramp. */
  resume(): void
  /** Says that the server answers, as a call of yours shows: waits it did not ask for are over. */
  flush(): void
  /** Lets go of everything, and cancels what is under way: the next page or process sees to it. */
  close(): Promise<void>
}

/**
 * Makes an outbox over a store: what is enqueued is sent by `send` sooner or later, in order within its
 * lane, and reported if not.
 *
 * Of an entry with an idempotency key at least one attempt is made, until it is sent, refused for good,
 * too old, or given up; of one without, at most one. What has waited is sent on a ramp, and what a
 * failure asks for is waited out.
 *
 * @throws `RangeError` for an option that is misspelt, out of range or of another type
 */
export function createOutbox<T = unknown, R = unknown>(
  store: OutboxStore,
  send: Send<T, R>,
  options: OutboxOptions<T, R> = {},
): Outbox<T> {
  checkType('send', send, 'function')
  const settings = settingsOf(options, store.signals)
  const { clock, onEvent, signals } = settings
  const ending = new AbortController()
  const { signal } = ending
  let closing: Promise<void> | undefined
  let offsetMs = -Infinity

  /** Follows a wall clock that is set forward, so that nothing is sent too late, and none that is set back. */
  function epochMs(): number {
    offsetMs = Math.max(offsetMs, clock.wallNow() - clock.now())
    return offsetMs + clock.now()
  }

  function report(
    fact: StoreFact | (EntryFact<R> & { entry: OutboxEntry<T>; isRemote: boolean }),
  ): void {
    if (!signal.aborted) notify(onEvent, { ...fact, counts: backlog.counts() } as OutboxEvent<T, R>)
  }

  const backlog = openBacklog<T>(store, report, (error) => sender.trouble(error))

  /** Another page says what it did; whose turn it is takes nobody's word. */
  async function noted({ type, id }: StoreNote): Promise<void> {
    const before = backlog.entries.get(id)
    if (turn?.isMine || type === 'stored' || type === 'edited') {
      backlog.doubt()
      await backlog.fresh().catch(sender.trouble)
    } else backlog.show(id)
    const entry = backlog.entries.get(id) ?? before
    if (entry) report({ type, entry, isRemote: true } as never)
    sender.pump()
  }

  const turn = store.join?.({
    turned: () => sender.turned(),
    noted,
    lost(error, held) {
      for (const [id, value] of held) backlog.putAside({ id, value, reason: 'storeLost' })
      report({ type: 'memoryOnly', error })
      backlog.doubt()
    },
  })
  const parts: Parts<T, R> = {
    ...settings,
    backlog,
    weather: { succeededMs: -Infinity, clearedMs: -Infinity },
    send,
    signal,
    isExclusive: () => turn?.isExclusive ?? true,
    epochMs,
    tell(entry, fact) {
      // What has ended while the store was asked for something else has ended once.
      if (backlog.settled.has(entry.id)) return
      turn?.tell({ type: fact.type, id: entry.id })
      report({ ...fact, entry, isRemote: false })
    },
    report,
  }
  const sender = createSender(parts, turn)
  const intake = createIntake(parts)
  const release = signals?.listen(sender.hear)
  sender.pump()

  const closed = (cause?: unknown): EvenkeelError =>
    new EvenkeelError('OUTBOX_CLOSED', 'The outbox is closed', { cause })

  /** Does what may change the backlog, and then what that calls for. */
  const acting =
    <A extends unknown[], V>(act: (...args: A) => Promise<V>) =>
    async (...args: A): Promise<V> => {
      if (signal.aborted) throw closed()
      try {
        return await act(...args)
      } catch (error) {
        throw signal.aborted ? closed(error) : error
      } finally {
        sender.pump()
      }
    }

  function close(): Promise<void> {
    if (!closing) {
      ending.abort(closed())
      sender.close()
      release?.()
      closing = store.close()
    }
    return closing
  }

  return {
    get counts() {
      return backlog.counts()
    },
    enqueue: acting(intake.add),
    entries: acting(async () => {
      await backlog.fresh()
      return [...backlog.entries.values()]
    }),
    edit: acting(intake.edit),
    remove: acting(intake.remove),
    pause: sender.pause,
    resume: sender.resume,
    flush: sender.flush,
    close,
    [Symbol.asyncDispose]: close,
  }
}
