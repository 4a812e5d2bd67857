import { type Clock, EvenkeelError } from '@evenkeel/core'
import { retryAfter } from '@evenkeel/rate-limit'
import type { StoredRequest } from './stored-request.ts'

/** "Come again", besides all from 500 on: credentials may be new by then, and a wait may be over. */
const waits: readonly number[] = [401, 408, 425, 429]

/** An answer to a stored request that is not what was hoped for. */
export class ReplayRefused extends EvenkeelError {
  readonly status: number
  // Private, so that no log of the error prints the URL's query or a header.
  readonly #response: Response

  /** A 409 that names a time is of a server still at work on the same key (draft-ietf-httpapi-idempotency-key-header §2.6). */
  constructor(response: Response, { method, url }: StoredRequest, clock: Clock) {
    const { status, headers } = response
    const retryAfterMs = retryAfter(
      headers.get('retry-after'),
      clock.wallNow(),
      headers.get('date'),
    )
    super('HTTP_STATUS', `${method} ${new URL(url).origin} answered ${status}`, {
      transient:
        status >= 500 || waits.includes(status) || (status === 409 && retryAfterMs !== undefined),
      // The promise of having done nothing (RFC 8470 §5.2).
      reached: status === 425 ? 'no' : 'yes',
      throttled: status === 429,
      retryAfterMs,
      clock,
    })
    this.name = 'ReplayRefused'
    this.status = status
    this.#response = response
  }

  get response(): Response {
    return this.#response
  }

  /** Whether somebody else changed what was to be changed. */
  get isConflict(): boolean {
    return !this.transient && (this.status === 409 || this.status === 412)
  }
}
