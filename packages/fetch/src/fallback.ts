import { errorCode, isTransient } from '@evenkeel/core'
import isNetworkError from 'is-network-error'
import type { FetchInput } from './call.ts'
import { markResponse, responseMark } from './marked-response.ts'
import { releaseBody } from './release-body.ts'

/** A call that failed: by the answer, or by what was thrown. */
export interface FailedCall {
  readonly input: FetchInput
  readonly init: RequestInit | undefined
  /** What it failed by: a code, such as `CIRCUIT_OPEN` or `NETWORK_ERROR`, or a status. */
  readonly code: string
  readonly error?: unknown
  readonly response?: Response | undefined
}

/** What to answer instead; what returns nothing leaves the failure as it is. */
export type Fallback =
  | Response
  | ((failed: FailedCall) => Response | undefined | PromiseLike<Response | undefined>)

const fallbackMark: unique symbol = Symbol.for('evenkeel.fallback') as never

/** Whether an answer is a fallback. */
export function isFallback(response: Response): boolean {
  return responseMark(response, fallbackMark)
}

/** The code of what was thrown; nothing for a bug, which no fallback should hide. */
function codeOf(error: unknown): string | undefined {
  return (
    errorCode(error) ?? (isNetworkError(error) || isTransient(error) ? 'NETWORK_ERROR' : undefined)
  )
}

/**
 * Answers in place of a call that failed: by the code of what was thrown (`CIRCUIT_OPEN`, …; `NETWORK_ERROR` for what fetch
 * itself throws), by the status of an answer (`'503'`), or for `any` failure: what was thrown, and statuses from 500 up.
 *
 * A caller's abort is no failure, and neither is a bug. A `Response` is given as often as it takes; a function may make one, or
 * return nothing. Whatever it throws is the caller's.
 */
export function withFallback<Init extends RequestInit = RequestInit>(
  send: (input: FetchInput, init?: Init) => Promise<Response>,
  fallbacks: Readonly<Partial<Record<string, Fallback>>>,
): (input: FetchInput, init?: Init) => Promise<Response> {
  const named = (code: string, isFailure: boolean): Fallback | undefined =>
    Object.hasOwn(fallbacks, code) ? fallbacks[code] : isFailure ? fallbacks.any : undefined

  async function make(fallback: Fallback, failed: FailedCall): Promise<Response | undefined> {
    const made = typeof fallback === 'function' ? await fallback(failed) : fallback.clone()
    if (!made) return undefined
    markResponse(made, fallbackMark)
    return made
  }

  function isAborted(input: FetchInput, init: Init | undefined): boolean {
    const own = typeof input === 'object' && 'signal' in input ? input.signal : undefined
    return !!(init?.signal === undefined ? own : init.signal)?.aborted
  }

  return async (input, init) => {
    let response: Response
    try {
      response = await send(input, init)
    } catch (error) {
      const code = isAborted(input, init) ? undefined : codeOf(error)
      const fallback = code === undefined ? undefined : named(code, true)
      const made = fallback && (await make(fallback, { input, init, code: code as string, error }))
      if (made) return made
      throw error
    }
    const { status } = response
    const fallback = named(String(status), status >= 500)
    if (!fallback) return response
    const made = await make(fallback, { input, init, code: String(status), response })
    if (made && made !== response) releaseBody(response)
    return made ?? response
  }
}
