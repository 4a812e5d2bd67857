import type { AttemptTable } from '../fleet/attempt-table.ts'
import { EventQueue } from '../kernel/event-queue.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { RandomStream } from '../random/random-stream.ts'
import { serviceTimeMs } from './scalability.ts'
import type { StationOptions } from './station-options.ts'

/** Where work is done: how long it takes, and when it ends. */
export interface Workplace {
  /** Starts on an attempt; `busy` are at work now, this one among them, at a place for `size` times one. */
  start(attempt: number, options: StationOptions, busy: number, size: number): void
  /** The speed changes, as somebody has left. */
  slowed(options: StationOptions, busy: number, size: number): void
}

/** Told when the work on an attempt is done. */
export type OnWorked = (attempt: number) => void

/** Draws how much work a request is, of mean 1. */
function drawn({ distribution = 'erlang2' }: StationOptions, stream: RandomStream): number {
  if (distribution === 'fixed') return 1
  return distribution === 'erlang2' ? stream.erlang2() : stream.exponential()
}

/** A request takes as long as the concurrency at its start says. */
export class AtStart implements Workplace {
  readonly #kernel: Kernel
  readonly #attempts: AttemptTable
  readonly #stream: RandomStream
  readonly #kind: number

  constructor(kernel: Kernel, attempts: AttemptTable, stream: RandomStream, onWorked: OnWorked) {
    this.#kernel = kernel
    this.#attempts = attempts
    this.#stream = stream
    this.#kind = kernel.on(onWorked)
  }

  start(attempt: number, options: StationOptions, busy: number, size: number): void {
    const workMs = serviceTimeMs(options, busy / size) * drawn(options, this.#stream)
    this.#attempts.workMs[attempt] = (this.#attempts.workMs[attempt] as number) + workMs
    this.#kernel.at(this.#kernel.nowMs + workMs, this.#kind, attempt)
  }

  slowed(): void {}
}

/**
 * All at work share the speed of the moment: egalitarian processor sharing under the scalability law.
 *
 * Work is measured on a clock that runs slower the more are at work, so that each has its end on that
 * clock, and only the next end must be moved when the speed changes.
 */
export class SharedWorkplace implements Workplace {
  readonly #kernel: Kernel
  readonly #attempts: AttemptTable
  readonly #stream: RandomStream
  readonly #onWorked: OnWorked
  readonly #kind: number
  readonly #ends = new EventQueue()
  #entered = 0
  #workedMs = 0
  #slowness = 1
  #atMs = 0
  /** Which event is the valid one. */
  #turn = 0

  constructor(kernel: Kernel, attempts: AttemptTable, stream: RandomStream, onWorked: OnWorked) {
    this.#kernel = kernel
    this.#attempts = attempts
    this.#stream = stream
    this.#onWorked = onWorked
    this.#kind = kernel.on((turn) => {
      if (turn !== this.#turn) return
      this.#workedMs = this.#ends.nextAtMs
      this.#atMs = this.#kernel.nowMs
      this.#onWorked(this.#ends.pop())
    })
  }

  start(attempt: number, options: StationOptions, busy: number, size: number): void {
    this.#advance()
    const workMs = options.serviceMs * drawn(options, this.#stream)
    this.#attempts.workMs[attempt] = (this.#attempts.workMs[attempt] as number) + workMs
    this.#ends.push(this.#workedMs + workMs, this.#entered++, attempt)
    this.slowed(options, busy, size)
  }

  slowed(options: StationOptions, busy: number, size: number): void {
    this.#advance()
    this.#slowness = serviceTimeMs(options, busy / size) / options.serviceMs
    this.#turn = (this.#turn + 1) & 0xffffff
    if (this.#ends.size) {
      const leftMs = (this.#ends.nextAtMs - this.#workedMs) * this.#slowness
      this.#kernel.at(this.#kernel.nowMs + leftMs, this.#kind, this.#turn)
    }
  }

  #advance(): void {
    const { nowMs } = this.#kernel
    this.#workedMs += (nowMs - this.#atMs) / this.#slowness
    this.#atMs = nowMs
  }
}
