import { noAnswer } from '../backend/answers.ts'
import type { AnswerMaker } from './answer.ts'

/** What Node's fetch says of a connection. */
const codes: Readonly<Record<number, string>> = {
  [noAnswer.refused]: 'ECONNREFUSED',
  [noAnswer.lost]: 'ECONNRESET',
  [noAnswer.offline]: 'ENETUNREACH',
}

const once = { once: true } as const

/** An attempt of a shell that has not been answered: listens to its signal itself. */
export class PendingFetch implements EventListenerObject {
  readonly call: number
  readonly attempt: number
  /** The one after it of the same call. */
  next: PendingFetch | undefined
  readonly #resolve: (response: Response) => void
  readonly #reject: (reason: unknown) => void
  readonly #signal: AbortSignal | undefined
  readonly #onAbort: (pending: PendingFetch) => void

  constructor(
    call: number,
    attempt: number,
    resolve: (response: Response) => void,
    reject: (reason: unknown) => void,
    signal: AbortSignal | undefined,
    onAbort: (pending: PendingFetch) => void,
  ) {
    this.call = call
    this.attempt = attempt
    this.next = undefined
    this.#resolve = resolve
    this.#reject = reject
    this.#signal = signal
    this.#onAbort = onAbort
    signal?.addEventListener('abort', this, once)
  }

  /** The signal has aborted. */
  handleEvent(): void {
    this.#onAbort(this)
    this.#reject(this.#signal?.reason)
  }

  /** The answer is there, or the news that there is none. */
  settle(status: number, retryAfterMs: number, answer: AnswerMaker): void {
    this.#signal?.removeEventListener('abort', this)
    if (status < 100)
      this.#reject(new TypeError('fetch failed', { cause: { code: codes[status] } }))
    else this.#resolve(answer(status, retryAfterMs))
  }
}
