import type { AppCall, AppParts } from './world.ts'

/** Thrown for an answer that says "come again", as apps around a plain fetch do. */
class FailedStatus extends Error {
  readonly status: number

  constructor(status: number) {
    super(`HTTP ${status}`)
    this.name = 'FailedStatus'
    this.status = status
  }
}

/**
 * Sends one attempt of an ordinary app: fetch with a timeout, and an error for 429 and 5xx.
 *
 * @throws FailedStatus, fetch's own errors, or the reason of the abort.
 */
export async function attemptOnce(
  { fetch, requestTimeoutMs }: AppParts,
  { url, init, patience, onAttempt }: AppCall,
  attempt: number,
): Promise<Response> {
  onAttempt(attempt)
  const headers = attempt > 1 ? { ...init.headers, 'x-attempt': String(attempt) } : init.headers
  // What AbortSignal.any and AbortSignal.timeout would do, at a tenth of their cost.
  const controller = new AbortController()
  const { signal } = controller
  const giveUp = () => controller.abort(patience.reason)
  const timer = setTimeout(
    () => controller.abort(new DOMException('The request timed out', 'TimeoutError')),
    requestTimeoutMs,
  )
  patience.addEventListener('abort', giveUp)
  try {
    const response = await fetch(url, { ...init, headers, signal })
    if (response.status !== 429 && response.status < 500) return response
    await response.arrayBuffer()
    throw new FailedStatus(response.status)
  } finally {
    clearTimeout(timer)
    patience.removeEventListener('abort', giveUp)
  }
}
