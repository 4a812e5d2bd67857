import {
  checkNumber,
  EvenkeelError,
  notify,
  onAbort,
  type Release,
  reasonOf,
  systemClock,
  type Timer,
  timeoutClock,
} from '@evenkeel/core'
import { dispatcher } from './dispatch.ts'
import type { BatchTrigger } from './events.ts'
import { type Caller, Group, type Item, leave, order } from './group.ts'
import { saysTransient } from './items-failed.ts'
import type { Batch, BatchOptions, Load, LoadOptions } from './options.ts'
import { afterThisTick } from './tick.ts'

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
    policy,
    key: domain = 'batch',
    idempotent = true,
    shouldRetry = saysTransient,
    shouldSplit = () => false,
    signal: closing,
    onEvent,
  }: BatchOptions<K> = {},
): Batch<K, V> {
  const clock = givenClock ?? systemClock
  if (typeof window !== 'object') checkNumber('batch', 'window', window, 0)
  checkNumber('batch', 'maxSize', maxSize, 1)
  checkNumber('batch', 'maxBytes', maxBytes, 0)
  // No Set: V8 keeps what was in a table that it has outgrown until the next one is garbage, too.
  const underWay: Group<K, V>[] = []
  const dispatch = dispatcher(
    underWay,
    load,
    policy,
    // A limit keeps no process alive.
    givenClock ?? timeoutClock,
    domain,
    idempotent,
    shouldRetry,
    shouldSplit,
    onEvent,
  )
  let gathering: Group<K, V> | undefined
  /** Of what gathers: since when, how much, until when. */
  let beganAtMs = 0
  let bytes = 0
  let sendAtMs: number
  let timer: Timer | undefined
  let isClosed = false
  let unlink: Release | undefined

  const closed = (): EvenkeelError =>
    new EvenkeelError('BATCH_CLOSED', 'The batch has been closed', { key: domain })

  function begin(): Group<K, V> {
    const delayMs = typeof window === 'number' ? window : window.delayMs()
    // A look at the clock takes longer than the rest of this.
    if (window) beganAtMs = clock.now()
    bytes = 0
    sendAtMs = Infinity
    const group = new Group<K, V>()
    gathering = group
    sendBy(group, delayMs ? beganAtMs + delayMs : -Infinity, beganAtMs)
    return group
  }

  function sendBy(group: Group<K, V>, atMs: number, nowMs: number): void {
    if (atMs >= sendAtMs) return
    sendAtMs = atMs
    timer?.cancel()
    const end = (): void => {
      if (gathering === group) send('window')
    }
    if (atMs > nowMs) timer = clock.scheduleAt(atMs, end)
    else afterThisTick(group, end)
  }

  function send(trigger: BatchTrigger): void {
    const group = gathering
    gathering = undefined
    timer?.cancel()
    if (!group?.size) return
    const { size } = group
    if (onEvent) {
      const callers = group.sweep().reduce((count, { waiting }) => count + waiting, 0)
      notify(onEvent, { type: 'batchSent', trigger, size, callers })
    }
    if (typeof window === 'number') dispatch(group)
    else {
      const sentAtMs = clock.now()
      const gatheredMs = sentAtMs - beganAtMs
      dispatch(group, () => window.learn({ size, gatheredMs, durationMs: clock.now() - sentAtMs }))
    }
  }

  function heed(
    { signal, priority = 'important', deadlineMs = Infinity }: LoadOptions,
    item: Item<K, V>,
    caller: Caller<V>,
  ): void {
    const nowMs = deadlineMs < Infinity ? clock.now() : 0
    const limitAtMs = nowMs + deadlineMs
    item.group.heed(priority, limitAtMs)
    sendBy(item.group, priority === 'critical' ? -Infinity : nowMs + deadlineMs / 2, nowMs)
    let limit: Timer | undefined
    if (limitAtMs < Infinity)
      limit = clock.scheduleAt(limitAtMs, () => {
        const message = `No result within the ${deadlineMs} ms that the call may take`
        const reached = item.group.cancellation ? 'maybe' : 'no'
        const facts = { key: domain, transient: true, reached } as const
        leave(item, caller, new EvenkeelError('DEADLINE_EXCEEDED', message, facts))
      })
    const unlink = onAbort(signal, (reason) => leave(item, caller, reason))
    caller.release = () => {
      limit?.cancel()
      unlink()
    }
  }

  function join(
    key: K,
    options: LoadOptions | undefined,
    resolve: (value: V) => void,
    reject: (reason: unknown) => void,
  ): void {
    const id = idOf(key)
    const ownBytes = bytesOf(key)
    if (gathering?.size && bytes + ownBytes > maxBytes) send('full')
    const group = gathering ?? begin()
    let caller: Caller<V>
    let item = group.find(id)
    if (item?.waiting) {
      item.waiting++
      caller = item.next = { resolve, reject, next: item.next }
    } else {
      // What few callers need is not there until they do: a tenth of the time goes into making these.
      item = { resolve, reject, key, id, waiting: 1, group }
      caller = item
      group.add(item)
      bytes += ownBytes
    }
    if (options) heed(options, item, caller)
    else group.heed('important', Infinity)
    if (group.size >= maxSize && group === gathering) send('full')
  }

  function close(): void {
    isClosed = true
    unlink?.()
    timer?.cancel()
    const reason = closed()
    for (const group of [...underWay, gathering]) group?.giveUp(reason)
    gathering = undefined
  }

  unlink = onAbort(closing, close)

  return {
    load: (key, options) =>
      new Promise((resolve, reject) => {
        if (isClosed) throw closed()
        if (options) {
          const { signal, deadlineMs = 0, priority } = options
          checkNumber('batch', 'deadlineMs', deadlineMs, 0)
          if (priority && !order.includes(priority))
            throw new RangeError(
              `batch: priority must be critical, important or deferred, got ${priority}`,
            )
          if (signal?.aborted) return reject(reasonOf(signal))
        }
        join(key, options, resolve, reject)
      }),
    flush: () => send('flush'),
    close,
    [Symbol.dispose]: close,
  }
}
