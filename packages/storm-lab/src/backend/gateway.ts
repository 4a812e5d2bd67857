import { type AttemptTable, stages } from '../fleet/attempt-table.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Lane } from '../kernel/lane.ts'
import type { RandomStream } from '../random/random-stream.ts'
import { noAnswer } from './answers.ts'
import { ClientLimit } from './client-limit.ts'
import type { Faults, GatewayOptions } from './gateway-options.ts'
import { type Limiter, limiterOf } from './limiter.ts'
import type { Downstream, Upstream } from './station.ts'

/** What a gateway is connected to. */
export interface GatewayWiring {
  readonly kernel: Kernel
  readonly attempts: AttemptTable
  /** Takes what is let through. */
  readonly service: Downstream
  /** How long the service's queue takes to drain. */
  drainMs(): number
  /** An answer leaves; its status and wait are in the row. */
  answer(attempt: number): void
  /** An attempt ends without an answer, as nobody waits for one. */
  drop(attempt: number): void
}

/** Turns attempts away, or hands them to the service; and hands on what became of them. */
export class Gateway implements Upstream {
  readonly #wiring: GatewayWiring
  readonly #stream: RandomStream
  readonly #scale: number
  readonly #faultKind: number
  #rejecting: Lane
  #options: GatewayOptions
  #limiter: Limiter | undefined
  #clientLimit: ClientLimit | undefined
  #held: number[] = []
  #second = -1
  #seen = 0

  constructor(wiring: GatewayWiring, stream: RandomStream, options: GatewayOptions, scale: number) {
    this.#wiring = wiring
    this.#stream = stream
    this.#scale = scale
    this.#options = options
    this.#limiter = options.limiter && limiterOf(options.limiter, scale)
    this.#clientLimit = options.clientLimit && new ClientLimit(options.clientLimit)
    this.#faultKind = wiring.kernel.on((attempt) => wiring.answer(attempt))
    this.#rejecting = this.#newLane()
  }

  configure(options: GatewayOptions): void {
    this.#options = { ...this.#options, ...options }
    if (options.rejectMs !== undefined) this.#rejecting = this.#newLane()
    if ('limiter' in options)
      this.#limiter = options.limiter && limiterOf(options.limiter, this.#scale)
    if ('clientLimit' in options)
      this.#clientLimit = options.clientLimit && new ClientLimit(options.clientLimit)
    if (this.#options.state !== 'up') return
    const held = this.#held
    this.#held = []
    for (const attempt of held) this.receive(attempt)
  }

  /** An attempt arrives. */
  receive(attempt: number): void {
    const { state = 'up' } = this.#options
    if (state === 'silent') this.#lose(attempt)
    else if (state === 'holding') this.#held.push(attempt)
    else if (state === 'refusing') this.#reject(attempt, noAnswer.refused, NaN)
    else this.#admit(attempt)
  }

  /** Once a second. */
  tick(): void {
    this.#limiter?.observe?.(this.#wiring.drainMs())
  }

  served(attempt: number): void {
    this.#mark(attempt, 200, NaN)
    this.#wiring.answer(attempt)
  }

  refused(attempt: number, status: number): void {
    const { hasRetryAfter = false } = this.#options
    const waitMs = hasRetryAfter && status === 503 ? inSeconds(this.#wiring.drainMs()) : NaN
    this.#reject(attempt, status, waitMs)
  }

  dropped(attempt: number): void {
    this.#wiring.drop(attempt)
  }

  #admit(attempt: number): void {
    const { faults, limiter } = this.#options
    const { nowMs } = this.#wiring.kernel
    if (this.#isTooMuch(nowMs)) {
      this.#reject(attempt, 503, NaN)
      return
    }
    const client = this.#wiring.attempts.client[attempt] as number
    const clientMs = this.#clientLimit ? this.#clientLimit.refusal(client, nowMs) : -1
    if (clientMs >= 0) {
      this.#reject(attempt, 429, inSeconds(clientMs))
      return
    }
    const waitMs = this.#limiter ? this.#limiter.refusal(nowMs) : -1
    if (waitMs >= 0)
      this.#reject(attempt, 429, limiter?.hasRetryAfter === false ? NaN : inSeconds(waitMs))
    else if (faults && this.#stream.next() < faults.ratio) this.#fail(attempt, faults)
    else this.#wiring.service.submit(attempt)
  }

  #fail(attempt: number, { status = 500, afterMs = 50 }: Faults): void {
    const { kernel } = this.#wiring
    if (status === 'silence') this.#lose(attempt)
    else {
      this.#mark(attempt, status, NaN)
      kernel.at(kernel.nowMs + afterMs, this.#faultKind, attempt)
    }
  }

  #newLane(): Lane {
    const { rejectMs = 50 } = this.#options
    return this.#wiring.kernel.lane(rejectMs, (attempt) => this.#wiring.answer(attempt))
  }

  #isTooMuch(nowMs: number): boolean {
    const { maxPerSecond = Infinity } = this.#options
    const second = Math.floor(nowMs / 1000)
    if (second !== this.#second) this.#seen = 0
    this.#second = second
    return ++this.#seen > maxPerSecond * this.#scale
  }

  #reject(attempt: number, status: number, waitMs: number): void {
    this.#mark(attempt, status, waitMs)
    this.#wiring.kernel.after(this.#rejecting, attempt)
  }

  #lose(attempt: number): void {
    this.#wiring.attempts.stage[attempt] = stages.lost
  }

  #mark(attempt: number, status: number, waitMs: number): void {
    const { attempts } = this.#wiring
    attempts.status[attempt] = status
    attempts.retryAfterMs[attempt] = waitMs
  }
}

/** Retry-After is in whole seconds (RFC 9110 §10.2.3), and never sooner than meant. */
function inSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000)) * 1000
}
