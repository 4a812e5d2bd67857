import { KeyedState, type Priority } from '@evenkeel/core'
import { batch } from '../batch.ts'
import type { Batch, BatchOptions } from '../options.ts'
import type { BatchCodec, BatchedRequest } from './codec.ts'
import { jsonBatch } from './json-batch.ts'
import { shareResponse } from './share-response.ts'

type Fetch = typeof globalThis.fetch

/** What {@link batchFetch} can be told. */
export interface BatchFetchOptions
  extends Pick<
    BatchOptions<BatchedRequest>,
    'window' | 'maxSize' | 'maxBytes' | 'policy' | 'onEvent' | 'clock'
  > {
  /** Where the server takes batches; requests to another origin go alone. */
  readonly endpoint: string | URL
  /** How they are written. @defaultValue `jsonBatch()` */
  readonly codec?: BatchCodec | undefined
  /** What sends batches, and what can't travel in one. @defaultValue the platform's `fetch` */
  readonly fetch?: Fetch | undefined
  /** Which of the requests that can travel with others may. @defaultValue all */
  readonly isBatchable?: ((request: BatchedRequest) => boolean) | undefined
}

/** fetch's own hint (`init.priority`). */
const priorities: Partial<Record<string, Priority>> = { high: 'critical', low: 'deferred' }

/**
 * A `fetch` that sends several requests as one, to a server that takes batches. Each caller gets the response to
 * its own request; when the batch as a whole is refused, each gets a copy of that refusal.
 *
 * Put `createFetch` around it, `createFetch({ fetch: batchFetch({ endpoint }) })`: each request then has retries of
 * its own, which travel in later batches, so that only what failed is sent again.
 *
 * What has a body other than text or `keepalive`, or goes to another origin, goes alone. Requests with different
 * `Authorization` or `credentials` never share a batch; that header is the batch's own.
 *
 * @throws `RangeError` for a bad option; `BATCH_RESULT_MISSING`, `BATCH_RESULT_AMBIGUOUS` and `BATCH_RESPONSE_MALFORMED`,
 * from a call, for an answer that does not fit
 */
export function batchFetch({
  endpoint,
  codec = jsonBatch(),
  fetch: send = (input, init) => globalThis.fetch(input, init),
  isBatchable = () => true,
  clock,
  ...options
}: BatchFetchOptions): Fetch {
  const target = new URL(endpoint, globalThis.location?.href)
  const bytesOf = ({ url, body = '' }: BatchedRequest): number =>
    url.href.length + new TextEncoder().encode(body).length
  const batchFor = (identity: string): Batch<BatchedRequest, Response> =>
    batch(
      async (requests, { signal }) => {
        const [authorization, credentials] = JSON.parse(identity) as [
          string | null,
          RequestCredentials,
        ]
        const { headers, body } = codec.encode(requests)
        const response = await send(target, {
          method: 'POST',
          headers: { ...headers, ...(authorization !== null && { authorization }) },
          body,
          signal,
          credentials,
        })
        if (response.ok) return codec.decode(response, requests)
        return shareResponse(
          response,
          requests.map(() => undefined),
        )
      },
      { ...options, clock, bytesOf, key: target.origin },
    )
  // Checks the options.
  batchFor('[]')
  const batches = new KeyedState(batchFor, { clock })

  return async (input, init = {}) => {
    const request = readRequest(input, init)
    if (request?.url.origin !== target.origin || !isBatchable(request)) return send(input, init)
    const given = typeof input === 'object' && 'signal' in input ? input : undefined
    const {
      signal = given?.signal,
      credentials = given?.credentials ?? 'same-origin',
      priority,
    } = init
    const authorization = request.headers.get('authorization')
    request.headers.delete('authorization')
    return batches.get(JSON.stringify([authorization, credentials])).load(request, {
      signal: signal ?? undefined,
      priority: priorities[priority ?? ''],
    })
  }
}

/** A method's name (RFC 9110 §5.6.2): anything else could be more than a method. */
const token = /^[\w!#$%&'*+.^`|~-]+$/

/** What of a request can travel in a batch; nothing of one that can't. */
function readRequest(
  input: Parameters<Fetch>[0],
  { method: given, headers, body, integrity, mode, keepalive }: RequestInit,
): BatchedRequest | undefined {
  const request = typeof input === 'object' && 'method' in input ? input : undefined
  const isText = body == null || typeof body === 'string' || body instanceof URLSearchParams
  // A Request hides what kind of body it has, and its own mode may be no-cors.
  if (!isText || request?.body || integrity || (mode && mode !== 'cors')) return undefined
  const method = (given ?? request?.method ?? 'GET').toUpperCase()
  const isRefused = !token.test(method) || (body != null && /^(GET|HEAD)$/.test(method))
  // What outlives its page cannot wait for others, and what fetch refuses is for it to say.
  if (isRefused || (keepalive ?? request?.keepalive)) return undefined
  try {
    const fields = new Headers(headers ?? request?.headers)
    const type =
      body instanceof URLSearchParams ? 'application/x-www-form-urlencoded' : 'text/plain'
    if (body != null && !fields.has('content-type'))
      fields.set('content-type', `${type};charset=UTF-8`)
    return {
      method,
      url: new URL(request?.url ?? String(input), globalThis.location?.href),
      headers: fields,
      body: body == null ? undefined : String(body),
    }
  } catch {
    // The platform's fetch says it better.
    return undefined
  }
}
