import { type Clock, EvenkeelError } from '@evenkeel/core'
import type { FetchCall } from './call.ts'
import { releaseBody } from './release-body.ts'

/** Says that an answer is late while its request goes on: the user can move on, and no work is wasted. */
export class SoftTimeoutError extends EvenkeelError {
  readonly #late: Promise<Response>
  #isWanted = false

  constructor(late: Promise<Response>, softTimeoutMs: number, { key }: FetchCall, clock: Clock) {
    super('SOFT_TIMEOUT', `No answer from ${key} within ${softTimeoutMs} ms yet`, {
      key,
      reached: 'maybe',
      clock,
    })
    this.name = 'SoftTimeoutError'
    this.#late = late
    late.then(
      (response) => {
        if (!this.#isWanted) releaseBody(response)
      },
      () => {},
    )
  }

  /** The answer, when it comes; its body is dropped unless this was read before. */
  get late(): Promise<Response> {
    this.#isWanted = true
    return this.#late
  }
}

/** Rejects after `softTimeoutMs`, and leaves the call as it is. */
export function softTimeout(
  outcome: Promise<Response>,
  softTimeoutMs: number,
  call: FetchCall,
  clock: Clock,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const timer = clock.scheduleAt(clock.now() + softTimeoutMs, () =>
      reject(new SoftTimeoutError(outcome, softTimeoutMs, call, clock)),
    )
    outcome.then(resolve, reject).finally(() => timer.cancel())
  })
}
