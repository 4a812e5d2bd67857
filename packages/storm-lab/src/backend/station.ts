import { type AttemptTable, stages } from '../fleet/attempt-table.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Lane } from '../kernel/lane.ts'
import type { RandomStream } from '../random/random-stream.ts'
import type { StationOptions } from './station-options.ts'
import { WaitingLine } from './waiting-line.ts'
import { AtStart, SharedWorkplace, type Workplace } from './workplace.ts'

/** Who gives a station its work, and hears of it. */
export interface Upstream {
  served(attempt: number): void
  /** It has been turned away with a status. */
  refused(attempt: number, status: number): void
  /** Its client has gone, and it will not be worked on; its row must not be given back. */
  dropped(attempt: number): void
}

/** Takes work. */
export interface Downstream {
  submit(attempt: number): void
}

/** Workers, and a line of those who wait for one. A worker is busy until what it asks downstream has answered. */
export class Station implements Upstream, Downstream {
  /** How many have a worker. */
  busy = 0
  /** Its part of its full size: an autoscaler, or an incident, changes it. */
  size = 1
  options: StationOptions
  downstream: Downstream | undefined
  readonly #id: number
  readonly #kernel: Kernel
  readonly #attempts: AttemptTable
  readonly #upstream: Upstream
  readonly #scale: number
  readonly #workplace: Workplace
  #line: WaitingLine
  #limit: Lane | undefined

  /** `scale` is the part of the full size that is simulated; `id` its place among the stations of its region. */
  constructor(
    id: number,
    world: { readonly kernel: Kernel; readonly attempts: AttemptTable },
    stream: RandomStream,
    options: StationOptions,
    scale: number,
    upstream: Upstream,
  ) {
    const { kernel, attempts } = world
    this.#id = id
    this.#kernel = kernel
    this.#attempts = attempts
    this.#scale = scale
    this.#upstream = upstream
    this.options = options
    this.#line = this.#newLine()
    const onWorked = (attempt: number): void => {
      if (this.downstream) this.downstream.submit(attempt)
      else this.served(attempt)
    }
    const Place = options.sharing === 'processor' ? SharedWorkplace : AtStart
    this.#workplace = new Place(kernel, attempts, stream, onWorked)
    this.#setLimit()
  }

  get queued(): number {
    return this.#line.length
  }

  get workers(): number {
    return Math.max(1, Math.round(this.options.workers * this.#scale * this.size))
  }

  /** Its size against one of the options. */
  get parts(): number {
    return this.#scale * this.size
  }

  /** Changes options, or the size, while work is under way. */
  configure(options: Partial<StationOptions>, size = this.size): void {
    const before = this.options
    this.options = { ...before, ...options }
    this.size = size
    if (this.options.discipline !== before.discipline) {
      const old = this.#line
      this.#line = this.#newLine()
      for (let next = old.take(this.#nowMs); next >= 0; next = old.take(this.#nowMs))
        this.#line.push(next, this.#nowMs)
    }
    if (this.options.queueTimeoutMs !== before.queueTimeoutMs) this.#setLimit()
    this.#workplace.slowed(this.options, this.busy, this.parts)
    this.#fill()
  }

  submit(attempt: number): void {
    const { queue = Infinity } = this.options
    if (this.busy < this.workers) this.#start(attempt)
    else if (this.#line.length < Math.round(queue * this.parts)) this.#enqueue(attempt)
    else {
      const displaced = this.#line.displace(attempt)
      this.#upstream.refused(displaced < 0 ? attempt : displaced, 503)
      if (displaced >= 0) this.#enqueue(attempt)
    }
  }

  #enqueue(attempt: number): void {
    this.#attempts.station[attempt] = this.#id
    this.#line.push(attempt, this.#nowMs)
    if (this.#limit)
      this.#kernel.after(this.#limit, attempt, this.#attempts.stamp[attempt] as number)
  }

  /** The client of one that waits here has gone. */
  abandoned(attempt: number): void {
    if (!this.options.dropsAbandoned) return
    this.#line.leave(attempt)
    this.#upstream.dropped(attempt)
  }

  served(attempt: number): void {
    this.#release()
    this.#upstream.served(attempt)
    this.#fill()
  }

  refused(attempt: number, status: number): void {
    this.#release()
    this.#upstream.refused(attempt, status)
    this.#fill()
  }

  dropped(attempt: number): void {
    this.#release()
    this.#upstream.dropped(attempt)
    this.#fill()
  }

  get #nowMs(): number {
    return this.#kernel.nowMs
  }

  #newLine(): WaitingLine {
    const { discipline = 'fifo' } = this.options
    return new WaitingLine(this.#attempts, discipline, (attempt) =>
      this.#upstream.refused(attempt, 503),
    )
  }

  #setLimit(): void {
    const { queueTimeoutMs = Infinity } = this.options
    const isSame = ({ stage, stamp, station }: AttemptTable, attempt: number, was: number) =>
      stamp[attempt] === was && stage[attempt] === stages.queued && station[attempt] === this.#id
    this.#limit =
      queueTimeoutMs < Infinity
        ? this.#kernel.lane(queueTimeoutMs, (attempt, stamp) => {
            if (!isSame(this.#attempts, attempt, stamp)) return
            this.#line.leave(attempt)
            this.#upstream.refused(attempt, 504)
          })
        : undefined
  }

  #start(attempt: number): void {
    this.busy++
    this.#attempts.stage[attempt] = stages.serving
    this.#workplace.start(attempt, this.options, this.busy, this.parts)
  }

  #release(): void {
    this.busy--
    this.#workplace.slowed(this.options, this.busy, this.parts)
  }

  #fill(): void {
    while (this.busy < this.workers) {
      const next = this.#line.take(this.#nowMs)
      if (next < 0) return
      this.#start(next)
    }
  }
}
