import type { Priority } from '@evenkeel/core'
import type { FleetHint } from '@evenkeel/rate-limit/fleet-hint'
import { type AttemptTable, stages } from '../fleet/attempt-table.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { RandomStream } from '../random/random-stream.ts'
import { priorities } from '../scenario/priorities.ts'
import { autoscale } from './autoscaler.ts'
import type { BackendChange, BackendOptions } from './backend-options.ts'
import { Gateway } from './gateway.ts'
import { publishHints } from './hint-publisher.ts'
import { Replicas } from './replicas.ts'
import { capacityPerSecond, serviceTimeMs } from './scalability.ts'
import { Station } from './station.ts'

/** What a backend is part of. */
export interface BackendWorld {
  readonly kernel: Kernel
  readonly attempts: AttemptTable
  readonly seed: number
  /** The part of the full size that is simulated. */
  readonly scale: number
  /** Whether a client goes by what its server asks for. */
  heedsHint(client: number): boolean
  answer(attempt: number): void
  drop(attempt: number): void
}

/** One region's backend. */
export class Backend {
  /** Calls a second that it can serve at best, at its first size. */
  readonly capacity: number
  readonly service: Station
  readonly dependency: Station | undefined
  readonly #gateway: Gateway
  readonly #world: BackendWorld
  readonly #stations: Station[] = []
  readonly #countFirst: ReturnType<typeof publishHints> | undefined
  #hint: FleetHint | undefined
  #hintUntilMs = -Infinity

  /** `name` tells the streams of chance of two regions apart. */
  constructor(world: BackendWorld, options: BackendOptions, name: string) {
    const { kernel, attempts, seed, scale } = world
    const { gateway = {}, service, dependency, replicas = 0, autoscaler, hint } = options
    const stream = (of: string) => new RandomStream(seed, `${name} ${of}`)
    this.#world = world
    this.#gateway = new Gateway(
      {
        kernel,
        attempts,
        service: { submit: (attempt) => this.service.submit(attempt) },
        drainMs: () => this.#drainMs(),
        answer: world.answer,
        drop: world.drop,
      },
      stream('gateway'),
      gateway,
      scale,
    )
    const station = (of: string, its: typeof service, upstream: Gateway | Station): Station => {
      const id = this.#stations.length
      const made = new Station(id, { kernel, attempts }, stream(of), its, scale, upstream)
      this.#stations.push(made)
      return made
    }
    this.service = station('service', service, this.#gateway)
    if (dependency) {
      this.dependency = station('dependency', dependency, this.service)
      const copies = Array.from({ length: replicas }, (_, copy) =>
        station(`replica ${copy}`, dependency, this.service),
      )
      this.service.downstream = copies.length
        ? new Replicas(attempts, this.dependency, copies)
        : this.dependency
    }
    const own = capacityPerSecond(service, service.workers)
    const theirs = dependency ? capacityPerSecond(dependency, dependency.workers) : Infinity
    this.capacity = Math.min(own, theirs) * scale
    if (autoscaler) autoscale(kernel, this.service, autoscaler)
    if (hint) {
      const wiring = {
        kernel,
        service: this.service,
        capacity: this.capacity,
        publish: (known: FleetHint) => {
          this.#hint = known
          this.#hintUntilMs = kernel.nowMs + (known.ttlMs as number)
        },
      }
      this.#countFirst = publishHints(wiring, hint)
    }
    const tick = kernel.on(() => {
      this.#gateway.tick()
      kernel.at(kernel.nowMs + 1000, tick, 0)
    })
    if (gateway.limiter) kernel.at(1000, tick, 0)
  }

  /** How many wait, at all its stations. */
  get queued(): number {
    return this.#stations.reduce((sum, { queued }) => sum + queued, 0)
  }

  /** What it asks of its clients, if they have heard of it lately. */
  hintAt(nowMs: number): FleetHint | undefined {
    return nowMs < this.#hintUntilMs ? this.#hint : undefined
  }

  receive(attempt: number): void {
    const { attempts, kernel, heedsHint } = this.#world
    const { isFirst, priority, client } = attempts
    if (this.#countFirst && isFirst[attempt]) {
      const isHeeding = heedsHint(client[attempt] as number)
      const level = isHeeding ? (this.hintAt(kernel.nowMs)?.level ?? 3) : undefined
      this.#countFirst(priorities[priority[attempt] as number] as Priority, level)
    }
    this.#gateway.receive(attempt)
  }

  /** The client of an attempt on its way has gone. */
  abandoned(attempt: number): void {
    const { stage, station } = this.#world.attempts
    if (stage[attempt] === stages.queued)
      this.#stations[station[attempt] as number]?.abandoned(attempt)
  }

  configure({ gateway, service, serviceSize, dependency, dependencySize }: BackendChange): void {
    if (gateway) this.#gateway.configure(gateway)
    this.service.configure(service ?? {}, serviceSize)
    for (const each of this.#stations)
      if (each !== this.service) each.configure(dependency ?? {}, dependencySize)
  }

  #drainMs(): number {
    const { options, queued, busy, parts } = this.service
    return busy ? (queued * serviceTimeMs(options, busy / parts)) / busy : 0
  }
}
