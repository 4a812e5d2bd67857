import { EvenkeelError, notify } from '@evenkeel/core'
import { openBacklog } from './backlog.ts'
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
  /** Gives an entry another payload; false when it is gone, under way, or may have reached the server. */
  edit(id: string, payload: T): Promise<boolean>
  /** Takes an entry out, or what was set aside; false when it is gone or under way. */
  remove(id: string): Promise<boolean>
  /** Starts no send here any more; resolves when none is under way. Other pages go on. */
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
 * @throws `RangeError` for a bad option
 */
export function createOutbox<T = unknown, R = unknown>(
  store: OutboxStore,
  send: Send<T, R>,
  options: OutboxOptions<T, R> = {},
): Outbox<T> {
  const settings = settingsOf({ signals: store.signals, ...options })
  const { clock, onEvent } = settings
  let closing: Promise<void> | undefined
  let offsetMs = -Infinity

  /** Follows a wall clock that is set forward, so that nothing is sent too late, and none that is set back. */
  function epochMs(): number {
    offsetMs = Math.max(offsetMs, clock.wallNow() - clock.now())
    return offsetMs + clock.now()
  }

  function counts(): OutboxCounts {
    const { entries, sending, bytes, aside } = backlog
    return { waiting: entries.size - sending, sending, bytes, setAside: aside.size }
  }

  function report(
    fact: StoreFact | (EntryFact<R> & { entry: OutboxEntry<T>; isRemote: boolean }),
  ): void {
    if (!closing) notify(onEvent, { ...fact, counts: counts() } as OutboxEvent<T, R>)
  }

  const storeFailed = (error: unknown): void => report({ type: 'storeFailed', error })

  const backlog = openBacklog<T>(store, {
    setAside: (id, value, reason) => report({ type: 'setAside', id, value, reason }),
    storeFailed: (error) => sender.trouble(error),
  })

  /** Another page says what it did; whose turn it is takes nobody's word. */
  async function noted({ type, id }: StoreNote): Promise<void> {
    const before = backlog.entries.get(id)
    if (turn?.isMine || type === 'stored' || type === 'edited') {
      backlog.doubt()
      await backlog.fresh().catch(sender.trouble)
    } else backlog.show(id, undefined)
    const entry = backlog.entries.get(id) ?? before
    if (entry) report({ type, entry, isRemote: true } as never)
    sender.pump()
  }

  const turn = store.join?.({
    turned: () => sender.turned(),
    noted,
    lost(error, held) {
      for (const [id, value] of held) backlog.putAside(id, value, 'storeLost')
      report({ type: 'memoryOnly', error })
      backlog.doubt()
    },
  })
  const parts: Parts<T, R> = {
    backlog,
    settings,
    send,
    isExclusive: () => turn?.isExclusive ?? true,
    epochMs,
    tell(entry, fact) {
      turn?.tell({ type: fact.type, id: entry.id })
      report({ ...fact, entry, isRemote: false })
    },
  }
  const sender = createSender(parts, turn, storeFailed)
  const intake = createIntake(parts, (error) => report({ type: 'quotaExceeded', error }))
  const release = settings.signals?.listen(sender.hear)
  sender.pump()

  /** Does what may change the backlog, and then what that calls for. */
  async function act<V>(action: () => Promise<V>): Promise<V> {
    if (closing) throw new EvenkeelError('OUTBOX_CLOSED', 'The outbox is closed')
    try {
      return await action()
    } finally {
      sender.pump()
    }
  }

  function close(): Promise<void> {
    if (!closing) {
      sender.close(new EvenkeelError('OUTBOX_CLOSED', 'The outbox was closed'))
      release?.()
      closing = store.close()
    }
    return closing
  }

  return {
    get counts() {
      return counts()
    },
    enqueue: (payload, own = {}) => act(() => intake.add(payload, own)),
    entries: () =>
      act(async () => {
        await backlog.fresh()
        return [...backlog.entries.values()]
      }),
    edit: (id, payload) => act(() => intake.edit(id, payload)),
    remove: (id) => act(() => intake.remove(id)),
    pause: sender.pause,
    resume: sender.resume,
    flush: sender.flush,
    close,
    [Symbol.asyncDispose]: close,
  }
}
