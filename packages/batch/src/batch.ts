import {
  checkNumber,
  EvenkeelError,
  errorCode,
  isTransient,
  notify,
  onAbort,
  type Release,
  systemClock,
  type Timer,
  timeout,
} from '@evenkeel/core'
import { type DispatchRules, dispatch } from './dispatch.ts'
import type { BatchTrigger } from './events.ts'
import { type Caller, Group, type Item, leave } from './group.ts'
import type { BatchOptions, Load, LoadOptions } from './options.ts'
import { afterThisTick } from './tick.ts'

/** Collects calls for one key into loads of many. */
export interface Batch<K, V> extends Disposable {
  /**
   * The value of one key.
   *
   * @throws what the load threw, or returned for this key; what the policy throws; and
   * `BATCH_RESULT_MISSING`, `BATCH_RESULTS_MALFORMED`, `DEADLINE_EXCEEDED`, `BATCH_CLOSED`
   */
  load(key: K, options?: LoadOptions): Promise<V>
  /** Sends what has gathered now. */
  flush(): void
  /** Rejects all that wait, aborts what is under way, and takes no more. */
  close(): void
}

const saysTransient = ({ error }: { readonly error: Error }): boolean =>
  errorCode(error) !== undefined && isTransient(error)

/**
 * Turns calls for one key into loads of many. Each caller gets its own result or error, may leave
 * without disturbing the others, and shares a key with whoever asks for it in the same batch.
 *
 * Nothing is remembered: the next batch asks again.
 *
 * @throws `RangeError` for a bad option
 */
export function batch<K, V>(
  load: Load<K, V>,
  {
    window = 0,
    maxSize = 100,
    maxBytes = Infinity,
    bytesOf = () => 0,
    idOf = (key) => key,
    clock: givenClock,
    // Without a clock of one's own: a limit keeps no process alive.
    policy = timeout(60_000, { clock: givenClock }),
    key: domain = 'batch',
    idempotent = true,
    shouldRetry = saysTransient,
    shouldSplit = () => false,
    signal: closing,
    onEvent,
  }: BatchOptions<K> = {},
): Batch<K, V> {
  const clock = givenClock ?? systemClock
  if (typeof window === 'number') checkNumber('batch', 'window', window, 0)
  checkNumber('batch', 'maxSize', maxSize, 1)
  checkNumber('batch', 'maxBytes', maxBytes, 0)
  const rules: DispatchRules<K, V> = {
    load,
    policy,
    key: domain,
    idempotent,
    shouldRetry,
    shouldSplit,
    onEvent,
    clock,
    underWay: new Set(),
    idOf,
  }
  let gathering: Group<K, V> | undefined
  let isClosed = false
  let unlink: Release | undefined

  const closed = (): EvenkeelError =>
    new EvenkeelError('BATCH_CLOSED', 'The batch has been closed', { key: domain })

  function begin(): Group<K, V> {
    const nowMs = clock.now()
    const group = new Group<K, V>(nowMs)
    gathering = group
    sendBy(group, nowMs + (typeof window === 'number' ? window : window.delayMs()), nowMs)
    return group
  }

  function sendBy(group: Group<K, V>, atMs: number, nowMs: number): void {
    if (atMs >= group.sendAtMs) return
    group.sendAtMs = atMs
    group.timer?.cancel()
    const end = (): void => {
      if (gathering === group) send('window')
    }
    if (atMs > nowMs) group.timer = clock.scheduleAt(atMs, end)
    else afterThisTick(() => group.size, end)
  }

  function send(trigger: BatchTrigger): void {
    const group = gathering
    gathering = undefined
    group?.timer?.cancel()
    if (!group?.size) return
    const { size } = group
    if (onEvent) {
      const callers = group.items.reduce((count, { waiting }) => count + waiting, 0)
      notify(onEvent, { type: 'batchSent', trigger, size, callers })
    }
    const over = dispatch(group, rules)
    if (typeof window === 'object') {
      const sentAtMs = clock.now()
      const gatheredMs = sentAtMs - group.beganAtMs
      over.then(() => window.learn({ size, gatheredMs, durationMs: clock.now() - sentAtMs }))
    }
  }

  /** The group that a key may join: the one that gathers, or a new one when that would be too large. */
  function groupFor(bytes: number): Group<K, V> {
    if (gathering?.size && gathering.bytes + bytes > maxBytes) send('full')
    return gathering ?? begin()
  }

  function heed(
    { signal, priority = 'important', deadlineMs = Infinity }: LoadOptions,
    item: Item<K, V>,
    caller: Caller<V>,
  ): void {
    const { group } = item
    let timer: Timer | undefined
    const nowMs = deadlineMs < Infinity ? clock.now() : 0
    group.heed(priority, nowMs + deadlineMs)
    if (priority === 'critical') sendBy(group, group.beganAtMs, group.beganAtMs)
    if (deadlineMs < Infinity) {
      const message = `No result within the ${deadlineMs} ms that the call may take`
      timer = clock.scheduleAt(nowMs + deadlineMs, () => {
        const reached = item.group === gathering ? 'no' : 'maybe'
        const facts = { key: domain, transient: true, reached } as const
        leave(item, caller, new EvenkeelError('DEADLINE_EXCEEDED', message, facts))
      })
      sendBy(group, nowMs + deadlineMs / 2, nowMs)
    }
    const unlink = onAbort(signal, (reason) => leave(item, caller, reason))
    caller.release = () => {
      timer?.cancel()
      unlink?.()
    }
  }

  function close(): void {
    isClosed = true
    unlink?.()
    const groups = [...rules.underWay, ...(gathering ? [gathering] : [])]
    gathering?.timer?.cancel()
    gathering = undefined
    for (const group of groups) {
      const reason = closed()
      group.fail(() => reason)
      group.cancellation.abort(reason)
    }
  }

  unlink = onAbort(closing, close)

  return {
    load: (key, options) =>
      new Promise((resolve, reject) => {
        if (isClosed) throw closed()
        if (options) {
          const { signal, deadlineMs = 0 } = options
          checkNumber('batch', 'deadlineMs', deadlineMs, 0)
          if (signal?.aborted) return reject(signal.reason)
        }
        const id = idOf(key)
        const bytes = bytesOf(key)
        const group = groupFor(bytes)
        const caller = group.join(id, key, bytes, resolve, reject)
        if (options) heed(options, group.byId.get(id) as Item<K, V>, caller)
        else group.heed('important', Infinity)
        if (group.size >= maxSize && group === gathering) send('full')
      }),
    flush: () => send('flush'),
    close,
    [Symbol.dispose]: close,
  }
}
