import { Flights } from '../flights.ts'
import { shareResponse } from './share-response.ts'

/** What fetch takes first. */
export type FetchInput = Parameters<typeof globalThis.fetch>[0]

/** The platform's fetch, or one whose `init` has more: `createFetch()`. */
export type FetchOf<Init extends RequestInit> = (
  input: FetchInput,
  init?: Init,
) => Promise<Response>

/** What {@link singleFlightFetch} can be told. */
export interface SingleFlightFetchOptions {
  /**
   * The headers by which two requests differ, besides `Authorization`, `Cookie`, `Range` and those of conditions
   * (`If-None-Match`), which always count.
   * @defaultValue all of them
   */
  readonly headers?: readonly string[] | undefined
  /** What else tells users apart, such as the account that cookies stand for. @defaultValue nothing */
  readonly credentialsOf?: (() => string) | undefined
}

/** The mark of @evenkeel/fetch on the signal of a call that a fetch further out tries again; it reaches no other signal by itself. */
const retried: unique symbol = Symbol.for('evenkeel.retried') as never

/** What a call of @evenkeel/fetch says of itself. */
interface Saying {
  readonly evenkeel?: object | undefined
}

type Marked = AbortSignal & { [retried]?: true | undefined }

const credentialHeaders = ['authorization', 'cookie', 'range']
/** What else makes a request another one, with the values of a request that says nothing. */
const settings = {
  credentials: 'same-origin',
  cache: 'default',
  mode: 'cors',
  redirect: 'follow',
  referrer: 'about:client',
  referrerPolicy: '',
  integrity: '',
} as const

/**
 * Lets identical reads that are under way at the same time share one request. Put it around `createFetch()`: then
 * all that wait share its retries as well.
 *
 * Only `GET` and `HEAD` without a body are shared, never two that differ in URL, in a header that counts, in
 * `credentials` or in what `init.evenkeel` says but for its tag, and never event streams. Each caller gets a `Response` of
 * its own and may leave by its own signal. What else `init` holds is that of the first caller; what another fetch around
 * this one tries again is never shared with what nobody does.
 */
export function singleFlightFetch<Init extends RequestInit = RequestInit>(
  send: FetchOf<Init> = (input, init) => globalThis.fetch(input, init),
  { headers: chosen, credentialsOf = () => '' }: SingleFlightFetchOptions = {},
): FetchOf<Init> {
  const counting = chosen && [...credentialHeaders, ...chosen.map((name) => name.toLowerCase())]
  const flights = new Flights<Response>(shareResponse)

  function idOf(input: FetchInput, init: RequestInit, isRetried: unknown): string | undefined {
    const request = typeof input === 'object' && 'method' in input ? input : undefined
    const method = (init.method ?? request?.method ?? 'GET').toUpperCase()
    const hasBody = init.body != null || request?.body != null
    if ((method !== 'GET' && method !== 'HEAD') || hasBody) return undefined
    const headers = new Headers(init.headers ?? request?.headers)
    if (headers.get('accept')?.includes('text/event-stream')) return undefined
    const fields = [...headers].filter(
      ([name]) => !counting || counting.includes(name) || name.startsWith('if-'),
    )
    const set = Object.entries(settings).map(
      ([name, value]) => init[name as 'mode'] ?? request?.[name as 'mode'] ?? value,
    )
    const url = request?.url ?? String(input)
    // A call that says it is critical, or has less time, is not one that does not; a tag is only for its caller's eyes.
    const said = { ...(init as Saying).evenkeel, tag: undefined }
    return JSON.stringify([method, url, credentialsOf(), fields, set, said, isRetried])
  }

  return (input, init = {} as Init) => {
    const own = typeof input === 'object' && 'signal' in input ? input.signal : undefined
    const signal = init.signal === undefined ? own : (init.signal ?? undefined)
    const isRetried = (signal as Marked | undefined)?.[retried]
    let id: string | undefined
    try {
      id = idOf(input, init, isRetried)
    } catch {
      // The platform's fetch says it better.
    }
    if (id === undefined) return send(input, init)
    const start = (joint: Marked): Promise<Response> => {
      joint[retried] = isRetried
      return send(input, { ...init, signal: joint })
    }
    return flights.join(id, start, signal)
  }
}
