import { EvenkeelError, isTransient, reached, reasonOf, systemClock } from '@evenkeel/core'
import isNetworkError from 'is-network-error'
import { checkType } from '../checks.ts'
import type { OutboxEntry } from '../entry.ts'
import type { EnqueueOptions } from '../options.ts'
import { createOutbox, type Outbox } from '../outbox.ts'
import { enqueueSettingsOf } from '../settings.ts'
import type { OutboxStore } from '../store.ts'
import { keyWriter } from './key-header.ts'
import type { OutboxFetchOptions, Outcome } from './outbox-fetch-options.ts'
import { releaseWith, replay, resolutionOf } from './replay.ts'
import { isHarmless, type RequestInput, readRequest, type StoredRequest } from './stored-request.ts'

/** What one request can say of its storing. */
export interface OutboxCall extends EnqueueOptions {
  /** Whether it is stored at once, and sent when it is its turn. @defaultValue `false` */
  readonly stores?: boolean | undefined
}

/** What fetch takes second, and what the request says of its storing. */
export interface OutboxRequestInit extends RequestInit {
  readonly outbox?: OutboxCall | undefined
  /** Of a fetch of `createFetch`, for what is sent at once. */
  readonly evenkeel?: object | undefined
}

/** What became of a request: the answer to it, or the entry that will be sent later. */
export type OutboxAnswer =
  | { readonly sent: Response; readonly queued?: undefined }
  | { readonly queued: OutboxEntry<StoredRequest>; readonly sent?: undefined }

/** Sends requests now or later. */
export interface OutboxFetch extends AsyncDisposable {
  /**
   * Sends a request now if that can be, or stores it.
   *
   * @throws what fetch throws, unless that is a reason to store; `BODY_NOT_STORABLE` for a stream; what `enqueue` throws
   */
  (input: RequestInput, init?: OutboxRequestInit): Promise<OutboxAnswer>
  /** What waits, to be shown, edited, removed or paused. */
  readonly outbox: Outbox<StoredRequest>
  /** Ends what is sent from the store, and stores nothing more; what waits stays there. */
  close(): Promise<void>
}

const callbacks = [
  'fetch',
  'headers',
  'shouldStoreHeader',
  'lane',
  'shouldStore',
  'conflict',
] as const

/** Methods that ask and change nothing. */
const reads = /^(GET|HEAD|OPTIONS|TRACE|QUERY)$/

/** How many errors may be around one, each the cause of the next: a refusal of a retry, what a transport makes of it. */
const maxCauses = 4

/** Whether fetch got no answer, whatever was made of that since: a policy that does not try again says why, and of what. */
function isUnanswered(error: unknown, causes = maxCauses): boolean {
  const { cause } = Object(error) as { readonly cause?: unknown }
  return isNetworkError(error) || (causes > 0 && !!cause && isUnanswered(cause, causes - 1))
}

/**
 * Makes an outbox of HTTP requests: what can be sent is sent at once, what never got to the server is stored, and
 * sent later, in order within its lane and with the same idempotency key. Reads are never stored.
 *
 * @throws `RangeError` for a bad option
 */
export function outboxFetch(store: OutboxStore, options: OutboxFetchOptions = {}): OutboxFetch {
  const {
    fetch: send = (input, init) => globalThis.fetch(input, init),
    baseUrl,
    headers: ownHeaders,
    shouldStoreHeader = ({ name }) => isHarmless(name),
    lane: laneOf = ({ url }) => url.replace(/[?#].*$/s, ''),
    shouldStore,
    conflict,
    idempotency,
    signals = store.signals,
    createKey = () => crypto.randomUUID(),
    clock = systemClock,
    ...rest
  } = options
  for (const name of callbacks) checkType(name, options[name], 'function or undefined')
  const key = keyWriter(idempotency)
  const isOffline = (): boolean => signals?.isOnline() === false
  const outbox = createOutbox<StoredRequest, Response>(
    store,
    replay({ send, ownHeaders, key, isOffline, clock }),
    {
      ...rest,
      signals,
      createKey,
      clock,
      resolution: resolutionOf(conflict, options.resolution),
      onEvent: releaseWith(options.onEvent),
    },
  )
  let isClosed = false
  /** What waited before this page came. */
  const known = outbox.entries().catch(() => {})

  /** Whether the lane has something that must go first; a store that fails keeps nothing from being sent. */
  async function isWaiting(lane: string): Promise<boolean> {
    await known
    if (outbox.counts.waiting + outbox.counts.sending === 0) return false
    const entries = await outbox.entries().catch(() => [])
    return entries.some((entry) => entry.lane === lane)
  }

  /** Nothing was done, or it can be done again. */
  function isToBeStored({ error, response }: Outcome, isKeyed: boolean): boolean {
    if (shouldStore) return shouldStore(response ? { response } : { error })
    if (response) return false
    return isUnanswered(error) ? isKeyed : isTransient(error) && reached(error) === 'no'
  }

  return Object.assign(
    async (input: RequestInput, init: OutboxRequestInit = {}): Promise<OutboxAnswer> => {
      if (isClosed) throw new EvenkeelError('OUTBOX_CLOSED', 'The outbox is closed')
      const { outbox: call = {}, evenkeel, ...given } = init
      const request = await readRequest(input, given, baseUrl)
      const { method, url, headers, body, fields, signal } = request
      const sendNow = (isKeyed: boolean): Promise<Response> =>
        send(url, {
          ...given,
          ...fields,
          method,
          headers,
          ...(body !== undefined && { body }),
          ...(signal && { signal }),
          ...((evenkeel || isKeyed) && {
            evenkeel: { ...evenkeel, ...(isKeyed && { idempotent: true }) },
          }),
        })
      if (reads.test(method)) return { sent: await sendNow(false) }

      const { stores = false, lane = laneOf({ method, url }), ...own } = call
      // Now, not only when it is to be stored: a mistake should not wait for the network to go.
      enqueueSettingsOf({ ...own, lane }, 1)
      checkType('idempotencyKey', own.idempotencyKey, 'string, boolean or undefined')
      checkType('dedupKey', own.dedupKey, 'string or undefined')
      const wanted = own.idempotencyKey ?? true
      const idempotencyKey = key.read(headers) ?? (wanted === true ? createKey() : wanted)
      const isKeyed = typeof idempotencyKey === 'string'
      if (isKeyed) key.write(headers, idempotencyKey)
      if (!stores && !isOffline() && !(await isWaiting(lane))) {
        let outcome: Outcome
        try {
          outcome = { response: await sendNow(isKeyed) }
        } catch (error) {
          outcome = { error }
        }
        if (!isToBeStored(outcome, isKeyed)) {
          if (outcome.response) return { sent: outcome.response }
          throw outcome.error
        }
        outcome.response?.body?.cancel().catch(() => {})
      }
      if (signal?.aborted) throw reasonOf(signal)
      const kept = [...headers].filter(([name]) => name !== key.name && shouldStoreHeader({ name }))
      const entry = await outbox.enqueue(
        { method, url, headers: kept, body, fields },
        { ...own, lane, idempotencyKey },
      )
      return { queued: entry }
    },
    {
      outbox,
      close,
      [Symbol.asyncDispose]: close,
    },
  )

  function close(): Promise<void> {
    isClosed = true
    return outbox.close()
  }
}
