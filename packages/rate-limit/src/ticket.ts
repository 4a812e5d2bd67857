import {
  type CallContext,
  type Cancellation,
  type Clock,
  EvenkeelError,
  type Priority,
  type Release,
} from '@evenkeel/core'
import type { LimitedCallFacts, RateLimitEvent } from './events.ts'
import type { GateCall } from './gate.ts'

/** A call at the gate of an app: its wait is a promise. */
export class Ticket implements GateCall {
  readonly giveUpAtMs: number
  readonly #context: CallContext
  readonly #emit: (event: RateLimitEvent) => void
  readonly #clock: Clock
  #resolve: (() => void) | undefined
  #reject: ((reason: unknown) => void) | undefined
  #unlink: Release | undefined

  constructor(
    context: CallContext,
    giveUpAtMs: number,
    emit: (event: RateLimitEvent) => void,
    clock: Clock,
  ) {
    this.#context = context
    this.giveUpAtMs = giveUpAtMs
    this.#emit = emit
    this.#clock = clock
  }

  get route(): string {
    return this.#context.route
  }

  get priority(): Priority {
    return this.#context.priority
  }

  /** Tells that it waits. */
  parked(waitMs: number, queued: number): void {
    this.#emit({
      type: 'parked',
      ...this.#facts(),
      priority: this.priority,
      waitMs: waitMs < Infinity ? waitMs : undefined,
      queued,
    })
  }

  /** Waits for its turn; on abort it leaves and rejects with the reason. */
  park(cancellation: Cancellation, leave: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
      this.#unlink = cancellation.onAbort((reason) => {
        leave()
        reject(reason)
      })
    })
  }

  release(): void {
    this.#unlink?.()
    this.#emit({ type: 'released', ...this.#facts() })
    this.#resolve?.()
  }

  refuse(code: string, waitMs: number): void {
    this.#unlink?.()
    this.#reject?.(this.refusal(code, waitMs))
  }

  /** What the caller gets instead of a result. */
  refusal(code: string, waitMs: number): EvenkeelError {
    const retryAfterMs = waitMs < Infinity ? Math.ceil(waitMs) : undefined
    const { key } = this.#context
    this.#emit({ type: 'refused', ...this.#facts(), code, retryAfterMs })
    const until = retryAfterMs === undefined ? '' : ` for another ${retryAfterMs} ms`
    return new EvenkeelError(code, `Not sent to ${key}: rate limited${until}`, {
      key,
      transient: true,
      reached: 'no',
      throttled: true,
      retryAfterMs,
      clock: this.#clock,
    })
  }

  #facts(): LimitedCallFacts {
    const { key, route, tag } = this.#context
    return { key, route, tag }
  }
}
