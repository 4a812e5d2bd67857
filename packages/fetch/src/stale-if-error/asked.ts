import type { FetchInput } from '../call.ts'
import { directives } from './directives.ts'

/** A request, as far as keeping its answer goes. */
export interface Asked {
  /** Absolute where that can be known, else as it was given; without its fragment. */
  readonly url: string
  readonly headers: Headers
  readonly directives: ReadonlyMap<string, string>
  /** What tells it and its user from others. */
  readonly id: string
  /** Whether what is known of its URL may be wrong after it. */
  readonly isUnsafe: boolean
  /** Whether its answer may be kept. */
  readonly isKept: boolean
  /** Whether it takes an answer from before. */
  readonly takesKept: boolean
  readonly signal: AbortSignal | undefined
}

/** Who asks for a part, or knows an answer and asks whether it changed, keeps it himself. */
const conditional = [
  'range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'if-range',
]

/** Reads what fetch is given; what it can't read is the platform's to complain about. */
export function readAsked(
  input: FetchInput,
  init: RequestInit,
  credentialsOf: () => string,
  baseUrl: URL | undefined,
): Asked | undefined {
  try {
    const request = typeof input === 'object' && 'method' in input ? input : undefined
    const method = (init.method ?? request?.method ?? 'GET').toUpperCase()
    const headers = new Headers(init.headers ?? request?.headers)
    const address = request?.url ?? String(input)
    const base = baseUrl ?? globalThis.location?.href
    const url = (URL.canParse(address, base) ? new URL(address, base).href : address).replace(
      /#.*/s,
      '',
    )
    const cacheControl = directives(headers.get('cache-control'))
    const cache = init.cache ?? request?.cache ?? 'default'
    const isKept =
      method === 'GET' &&
      cache !== 'no-store' &&
      !cacheControl.has('no-store') &&
      !conditional.some((name) => headers.has(name)) &&
      !headers.get('accept')?.includes('text/event-stream')
    const wantsAnew = cacheControl.has('no-cache') || cacheControl.get('max-age') === '0'
    // `Authorization`, `Cookie`, `X-Api-Key`, `X-Session-Token`, `X-User-Id`, …
    const users = [...headers].filter(([name]) =>
      /auth|cookie|key|token|secret|session|user|account|tenant/.test(name),
    )
    const set = [
      init.credentials ?? request?.credentials ?? 'same-origin',
      init.mode ?? request?.mode ?? 'cors',
    ]
    const signal = init.signal === undefined ? request?.signal : init.signal
    return {
      url,
      headers,
      directives: cacheControl,
      id: JSON.stringify([url, users, set, isKept && credentialsOf()]),
      isUnsafe: !/^(GET|HEAD|OPTIONS|TRACE|QUERY)$/.test(method),
      isKept,
      takesKept: isKept && !wantsAnew && /^(default|force-cache)$/.test(cache),
      signal: signal ?? undefined,
    }
  } catch {
    return undefined
  }
}
