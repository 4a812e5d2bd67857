import { checkNumber, isTransient, notify, systemTime } from '@evenkeel/core'
import isNetworkError from 'is-network-error'
import type { FetchInput } from '../call.ts'
import type { ResilientFetch } from '../create-fetch.ts'
import { markResponse, responseMark } from '../marked-response.ts'
import { plainUrl } from '../plain-url.ts'
import { releaseBody } from '../release-body.ts'
import { AnswerStore } from './answer-store.ts'
import { type Asked, readAsked } from './asked.ts'
import { keepable, varyNames } from './keepable.ts'
import type { StaleIfErrorFetch, StaleIfErrorOptions } from './options.ts'
import { readBody } from './read-body.ts'

const mark: unique symbol = Symbol.for('evenkeel.stale') as never

/** Whether an answer is one from before, given because the server could not answer now. */
export function isStale(response: Response): boolean {
  return responseMark(response, mark)
}

/**
 * Keeps good answers to GETs, and gives them again in place of a failure: a 500, 502, 503 or 504, a network that fails, or
 * a call that was not sent. Put it around `createFetch()`: what that could not mend is then an answer from before.
 *
 * It is no cache: every call asks the server. It keeps and gives what a private cache may (RFC 9111): not what says
 * `no-store` or `no-cache`, nor past its freshness what says `must-revalidate`; by `Vary`; and never to another user, as far as
 * `Authorization`, `Cookie`, `X-Api-Key` and the like, `credentials` and `credentialsOf` tell users apart.
 *
 * @throws `RangeError` for a bad option
 */
export function staleIfError<Init extends RequestInit = RequestInit>(
  send: (input: FetchInput, init?: Init) => Promise<Response> = (input, init) =>
    globalThis.fetch(input, init),
  {
    graceMs = 3_600_000,
    errorStatuses = [500, 502, 503, 504],
    maxEntries = 100,
    maxBytes = 5_242_880,
    maxBodyBytes = 1_048_576,
    credentialsOf = () => '',
    isShared = false,
    onEvent,
    clock = systemTime,
  }: StaleIfErrorOptions = {},
): StaleIfErrorFetch<Init> {
  checkNumber('staleIfError', 'graceMs', graceMs, 0)
  checkNumber('staleIfError', 'maxEntries', maxEntries, 1)
  checkNumber('staleIfError', 'maxBytes', maxBytes, 1)
  checkNumber('staleIfError', 'maxBodyBytes', maxBodyBytes, 0)
  const { baseUrl } = send as Partial<Pick<ResilientFetch, 'baseUrl'>>
  const store = new AnswerStore(maxEntries, maxBytes)
  /** By which headers the answers to a request differ. */
  const varies = new Map<string, readonly string[]>()
  /** Counts what makes worthless all that is under way. */
  let era = 0

  function idOf({ id, headers }: Asked): string {
    const values = varies.get(id)?.map((name) => headers.get(name))
    return values ? id + JSON.stringify(values) : id
  }

  async function keep(
    asked: Asked,
    response: Response,
    askedAtMs: number,
    begun: number,
  ): Promise<void> {
    const arrival = { askedAtMs, cameAtMs: clock.now(), wallMs: clock.wallNow() }
    const kept = keepable(asked, response, arrival, { isShared, graceMs })
    // What was answered before is no longer so.
    if (!kept || Number(response.headers.get('content-length')) > maxBodyBytes)
      return store.delete(idOf(asked))
    const names = varyNames(response.headers)
    if (varies.size >= 2 * maxEntries) varies.clear()
    if (names.length) varies.set(asked.id, names)
    else varies.delete(asked.id)
    const id = idOf(asked)
    const body = await readBody(response.clone(), maxBodyBytes)
    if (begun !== era) return
    if (body) store.put(id, { ...kept, body })
    else store.delete(id)
  }

  /** The answer to give in place of a failure, if there is one. */
  function substitute(asked: Asked, status?: number, error?: unknown): Response | undefined {
    const kept = asked.takesKept ? store.get(idOf(asked)) : undefined
    if (!kept) return undefined
    const { arrival, lifetimeMs, body } = kept
    // Not all clocks go on while the machine sleeps.
    const hereMs = Math.max(clock.now() - arrival.cameAtMs, clock.wallNow() - arrival.wallMs)
    const ageMs = kept.ageMs + hereMs
    const staleMs = ageMs - lifetimeMs
    if (staleMs > kept.graceMs) return undefined
    const { url, redirected, type, ...head } = kept.response
    const response = new Response(body.size ? body : null, head)
    response.headers.set('age', String(Math.floor(ageMs / 1000)))
    for (const [name, value] of Object.entries({ url, redirected, type }))
      Object.defineProperty(response, name, { value })
    markResponse(response, mark)
    const plain = plainUrl(asked.url)
    notify(onEvent, { type: 'servedStale', url: plain, ageMs, staleMs, status, error })
    return response
  }

  async function get(asked: Asked, input: FetchInput, init: Init | undefined): Promise<Response> {
    const askedAtMs = clock.now()
    const begun = era
    let response: Response
    try {
      response = await send(input, init)
    } catch (error) {
      const isFailure = !asked.signal?.aborted && (isTransient(error) || isNetworkError(error))
      const kept = isFailure ? substitute(asked, undefined, error) : undefined
      if (kept) return kept
      throw error
    }
    if (!errorStatuses.includes(response.status)) {
      // What can't be copied or read is not kept; its reader hears of it.
      keep(asked, response, askedAtMs, begun).catch(() => {})
      return response
    }
    const kept = substitute(asked, response.status)
    if (!kept) return response
    releaseBody(response)
    return kept
  }

  async function staleFetch(input: FetchInput, init?: Init): Promise<Response> {
    const asked = readAsked(input, init ?? {}, credentialsOf, baseUrl)
    if (asked?.isKept) return get(asked, input, init)
    const response = await send(input, init)
    // RFC 9111 §4.4.
    if (asked?.isUnsafe && response.status < 400) {
      era++
      store.deleteUrl(asked.url)
    }
    return response
  }

  function clear(): void {
    era++
    store.clear()
    varies.clear()
  }

  return Object.assign(staleFetch, {
    clear,
    kept: () => ({ entries: store.size, bytes: store.bytes }),
  })
}
