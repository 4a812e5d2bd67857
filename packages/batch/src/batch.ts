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
import { bound } from './bound.ts'
import { dispatcher, type Flight } from './dispatch.ts'
import type { BatchTrigger } from './events.ts'
import { Group, order } from './group.ts'
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
    idOf,
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
  const underWay: Flight<K, V>[] = []
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
    const group = new Group<K, V>(idOf !== undefined)
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
    const { size, callers } = group
    if (onEvent) notify(onEvent, { type: 'batchSent', trigger, size, callers })
    if (typeof window === 'number') dispatch(group)
    else {
      const sentAtMs = clock.now()
      const gatheredMs = sentAtMs - beganAtMs
      dispatch(group, () => window.learn({ size, gatheredMs, durationMs: clock.now() - sentAtMs }))
    }
  }

  function join(key: K, options: LoadOptions | undefined): Promise<V> {
    const id = idOf ? idOf(key) : key
    const ownBytes = bytesOf(key)
    if (gathering?.size && bytes + ownBytes > maxBytes) send('full')
    const group = gathering ?? begin()
    const { size } = group
    let result = group.join(key, id)
    if (group.size > size) bytes += ownBytes
    if (options) {
      const { priority = 'important', deadlineMs = Infinity } = options
      const nowMs = deadlineMs < Infinity ? clock.now() : 0
      group.heed(priority, nowMs + deadlineMs)
      sendBy(group, priority === 'critical' ? -Infinity : nowMs + deadlineMs / 2, nowMs)
      if (options.signal || deadlineMs < Infinity)
        result = bound(result, group, id, options, domain, clock, nowMs + deadlineMs)
    } else if (group.priority === 'deferred' || group.deadlineAtMs < Infinity)
      group.heed('important', Infinity)
    if (group.size >= maxSize && group === gathering) send('full')
    return result
  }

  function close(): void {
    isClosed = true
    unlink?.()
    timer?.cancel()
    const reason = closed()
    gathering?.fail(reason)
    gathering = undefined
    for (const { group } of [...underWay]) {
      group.fail(reason)
      group.cancellation?.abort(reason)
    }
  }

  unlink = onAbort(closing, close)

  return {
    load(key, options) {
      try {
        if (isClosed) throw closed()
        if (options) {
          const { signal, deadlineMs = 0, priority } = options
          checkNumber('batch', 'deadlineMs', deadlineMs, 0)
          if (priority && !order.includes(priority))
            throw new RangeError(
              `batch: priority must be critical, important or deferred, got ${priority}`,
            )
          if (signal?.aborted) throw reasonOf(signal)
        }
        return join(key, options)
      } catch (error) {
        return Promise.reject(error)
      }
    },
    flush: () => send('flush'),
    close,
    [Symbol.dispose]: close,
  }
}
