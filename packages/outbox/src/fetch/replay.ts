import { type Clock, EvenkeelError, notify } from '@evenkeel/core'
import type { OutboxEvent } from '../events.ts'
import type { OutboxOptions, Rejection, Send } from '../options.ts'
import type { KeyWriter } from './key-header.ts'
import type { OutboxFetchOptions, SendRequest } from './outbox-fetch-options.ts'
import { ReplayRefused } from './replay-refused.ts'
import type { StoredRequest } from './stored-request.ts'

interface ReplayParts {
  readonly send: SendRequest
  readonly ownHeaders: OutboxFetchOptions['headers']
  readonly key: KeyWriter
  readonly isOffline: () => boolean
  readonly clock: Clock
}

/** Rejects for what kept a request from being sent. */
const notSent =
  (code: string, message: string) =>
  (cause: unknown): never => {
    throw new EvenkeelError(code, message, { transient: true, reached: 'no', cause })
  }

/** Sends what was stored, and turns an answer that says no into an error, which is what an outbox sees. */
export function replay({
  send,
  ownHeaders = () => [],
  key,
  isOffline,
  clock,
}: ReplayParts): Send<StoredRequest, Response> {
  return async ({ payload, idempotencyKey, priority }, { signal }) => {
    const { method, url, headers: stored, body, fields } = payload
    const headers = new Headers(stored as [string, string][])
    const given = await Promise.resolve(payload)
      .then(ownHeaders)
      .catch(notSent('HEADERS_FAILED', 'The headers of a stored request could not be had'))
    for (const [name, value] of new Headers(given)) headers.set(name, value)
    if (idempotencyKey !== undefined) key.write(headers, idempotencyKey)
    const wasOffline = isOffline()
    const init = { ...fields, method, headers, signal, ...(body !== undefined && { body }) }
    const response = await send(url, {
      ...init,
      // Who sends again is the outbox: two who do multiply.
      evenkeel: { priority, isRetried: true },
    }).catch((error: unknown) => {
      if (wasOffline) notSent('NETWORK_ERROR', 'There was no network')(error)
      throw error
    })
    if (response.status < 400) return response
    throw new ReplayRefused(response, payload, clock)
  }
}

/** Asks about conflicts whoever resolves them. */
export function resolutionOf(
  conflict: OutboxFetchOptions['conflict'],
  other: OutboxFetchOptions['resolution'] = () => 'drop',
): NonNullable<OutboxFetchOptions['resolution']> {
  return (rejection: Rejection<StoredRequest>) => {
    const { entry, error } = rejection
    return conflict && error instanceof ReplayRefused && error.isConflict
      ? conflict({ entry, response: error.response })
      : other(rejection)
  }
}

/** Frees the answers that a listener does not begin to read. */
export function releaseWith(
  onEvent: OutboxFetchOptions['onEvent'],
): NonNullable<OutboxOptions<StoredRequest, Response>['onEvent']> {
  return (event: OutboxEvent<StoredRequest, Response>) => {
    notify(onEvent, event)
    const { result, error } = event as { readonly result?: Response; readonly error?: unknown }
    const response = error instanceof ReplayRefused ? error.response : result
    if (response && !response.bodyUsed) response.body?.cancel().catch(() => {})
  }
}
