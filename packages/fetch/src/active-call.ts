import { type AbortSource, eitherSignal } from '@evenkeel/core'
import type { CallOptions, FetchCall, FetchInput, ResilientRequestInit } from './call.ts'
import { cancelBody } from './cancel-body.ts'
import { checkCall } from './check-call.ts'
import type { HttpStatusError } from './failure.ts'
import { idempotencyHeader, isIdempotent } from './idempotency.ts'
import { isStream } from './is-stream.ts'
import type { FetchOptions } from './options.ts'
import { plainUrl } from './plain-url.ts'
import { readInit } from './read-init.ts'
import { releaseBody } from './release-body.ts'
import { isRetried } from './retried-signal.ts'

const none: CallOptions = {}

/** One call of fetch, from its arguments to its end. */
export class ActiveCall implements FetchCall {
  readonly method: string
  readonly key: string
  readonly route: string
  readonly idempotent: boolean
  readonly signal: AbortSignal | AbortSource | undefined
  readonly options: CallOptions
  /** Whether somebody else tries it again. */
  readonly isRetried: boolean
  /** Whether its body can be sent only once. */
  readonly isOnce: boolean
  attempts = 0
  hasEnded = false
  // Private, so that no log of an event prints a query, a header or a body.
  readonly #url: string
  readonly #input: FetchInput
  readonly #copied: Request | undefined
  readonly #init: RequestInit
  readonly #headers: Headers | undefined
  #failed: HttpStatusError[] | undefined

  constructor(
    input: FetchInput,
    given: ResilientRequestInit | null | undefined,
    defaults: CallOptions | undefined,
    originOf: (url: string) => string,
    { key, route, idempotency, signal }: FetchOptions,
  ) {
    const request = typeof input === 'object' && 'method' in input ? input : undefined
    const { evenkeel, init } = readInit(given)
    if (evenkeel) checkCall(evenkeel)
    const options = defaults ? { ...defaults, ...evenkeel } : (evenkeel ?? none)
    const method = (init.method ?? request?.method)?.toUpperCase() ?? 'GET'
    const isSafe = isIdempotent(method)
    const idempotencyKey = options.idempotencyKey ?? idempotency?.auto ?? false
    const isKeyed = idempotencyKey !== false && !isSafe
    if (isKeyed) {
      const headers = new Headers(init.headers ?? request?.headers)
      const [name, value] = idempotencyHeader(idempotencyKey, idempotency)
      if (!headers.has(name)) headers.set(name, value)
      this.#headers = headers
    }
    this.#init = init
    const url = String(request?.url ?? input)
    const facts = { method, url, origin: originOf(url) }
    this.#url = url
    this.options = options
    this.method = method
    this.key = options.key ?? (key ? key(facts) : facts.origin)
    this.route = route ? route(facts) : this.key
    this.idempotent = options.idempotent ?? (isSafe || isKeyed)
    const callers = (init.signal === undefined ? request?.signal : init.signal) ?? undefined
    this.signal = eitherSignal(callers, signal)
    this.isRetried = options.isRetried ?? isRetried(callers)
    this.#input = input
    // Firefox does not show whether a Request has a body.
    this.#copied =
      request?.clone && request.body !== null && init.body == null ? request : undefined
    this.isOnce = !this.#copied && isStream(init.body)
  }

  get tag(): unknown {
    return this.options.tag
  }

  get url(): string {
    return plainUrl(this.#url)
  }

  /** What an attempt sends: the original keeps what a copy has sent, as long as another may follow. */
  nextInput(): FetchInput {
    return this.#copied?.clone() ?? this.#input
  }

  /** How an attempt sends it. */
  initFor(
    attempt: number,
    signal: AbortSignal,
    attemptHeader: string | false | undefined,
  ): RequestInit {
    const init: RequestInit = this.attempts > 1 ? { ...this.#init } : this.#init
    init.signal = signal
    if (this.#headers) init.headers = this.#headers
    if (attemptHeader && attempt > 1) {
      init.headers = new Headers(init.headers ?? (this.#input as Partial<Request>).headers)
      init.headers.set(attemptHeader, String(attempt))
    }
    return init
  }

  /** Keeps the answer of a failed attempt until it is known whether the caller gets it. */
  keep(error: HttpStatusError): void {
    this.#failed ??= []
    this.#failed.push(error)
  }

  /** The last answer that was a failure. */
  get lastFailed(): HttpStatusError | undefined {
    return this.#failed?.at(-1)
  }

  /** Frees every answer but the one that the caller gets. */
  release(result?: Response): void {
    if (!this.#failed) return
    for (const { response } of this.#failed) if (response !== result) releaseBody(response)
  }

  /** Ends the call with what the caller gets. */
  end(result: Response | undefined): void {
    this.hasEnded = true
    cancelBody(this.#copied?.body)
    this.release(result)
  }
}
