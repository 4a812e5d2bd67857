import { type Clock, EvenkeelError, isTransient, quietly, type Reached } from '@evenkeel/core'
import isNetworkError from 'is-network-error'
import type { FetchCall } from './call.ts'

/** An answer whose status says that the call failed; a host hands its `Response` back outside. */
export class HttpStatusError extends EvenkeelError {
  readonly status: number
  // Private, so that no log of the error prints the URL's query or a header.
  readonly #response: Response

  constructor(
    response: Response,
    { method, key }: FetchCall,
    facts: {
      readonly throttled: boolean
      readonly reached: Reached
      readonly retryAfterMs: number | undefined
      readonly clock: Clock
    },
  ) {
    super('HTTP_STATUS', `${method} ${key} answered ${response.status}`, {
      key,
      transient: true,
      ...facts,
    })
    this.name = 'HttpStatusError'
    this.status = response.status
    this.#response = response
  }

  get response(): Response {
    return this.#response
  }
}

/** A request that got no answer; `cause` is what fetch threw. */
export class NetworkError extends EvenkeelError {
  /** `wasOffline`: when the request was made, so that it was not sent. */
  constructor(cause: unknown, { key }: FetchCall, wasOffline: boolean) {
    super('NETWORK_ERROR', `No answer from ${key}`, {
      key,
      cause,
      reached: 'maybe',
      ...quietly(() => read(cause, wasOffline)),
    })
    this.name = 'NetworkError'
  }
}

/** Codes of Node's sockets, undici and Bun for: no connection, so nothing was sent. */
const neverSent =
  /^(E(CONNREFUSED|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH|NETDOWN)|UND_ERR_CONNECT_TIMEOUT|ConnectionRefused|FailedToOpenSocket)$/
/** Codes for: the connection broke, or a fetch inside this one took too long; who knows when. */
const lost =
  /^(TIMEOUT|E(CONNRESET|CONNABORTED|PIPE|TIMEDOUT)|UND_ERR_(SOCKET|HEADERS_TIMEOUT|BODY_TIMEOUT)|ConnectionClosed)$/

interface Coded {
  readonly code?: unknown
  readonly cause?: Coded | undefined
}

/** Runtimes tell by a code what went wrong; browsers give one `TypeError` for all. */
function read(
  error: unknown,
  wasOffline: boolean,
): { readonly transient: boolean; readonly reached?: Reached } {
  const { code: own, cause } = Object(error) as Coded
  const code = String(cause?.code ?? own ?? '')
  if (neverSent.test(code) || wasOffline) return { transient: true, reached: 'no' }
  // A cause without such a code is a redirect loop, a bad certificate, a file that changed: no matter of time.
  const transient =
    lost.test(code) || (!cause && (isNetworkError(error) || (isTransient(error) && code === '')))
  return { transient }
}

/** Whether the platform knows that it has no network. */
export function isOffline(): boolean {
  return globalThis.navigator?.onLine === false
}
