import {
  type Circuit,
  type CircuitRules,
  type CircuitState,
  circuitRules,
  failureRate,
  newCircuit,
} from '@evenkeel/circuit-breaker'
import type { Random } from '../backend/seeded-random.ts'
import type { Service } from '../backend/service.ts'
import type { Outcome } from '../machinery.ts'
import type { ApiRequest } from '../stage.ts'
import type { BreakerOptions } from './breaker-options.ts'

/** How the gateway stands to one service. */
export interface BreakerStatus {
  readonly state: CircuitState
  /** Until it tries the service again, in ms. */
  readonly opensForMs: number
  /** Requests it has turned away. */
  readonly refused: number
}

interface Breaker {
  readonly circuit: Circuit
  refused: number
}

/** Stops calling a service that fails, tries it with a few requests after a while, and gives it its load back by and by. */
export class ServiceBreakers {
  readonly #now: () => number
  readonly #random: Random
  readonly #breakers = new Map<Service, Breaker>()
  readonly #tickets = new WeakMap<ApiRequest, number>()
  #options: BreakerOptions
  #rules: CircuitRules

  /** @throws RangeError for options that do not go together */
  constructor(now: () => number, random: Random, options: BreakerOptions) {
    this.#now = now
    this.#random = random
    this.#options = options
    this.#rules = rulesFor(options)
  }

  get status(): Partial<Record<Service, BreakerStatus>> {
    const nowMs = this.#now()
    return Object.fromEntries(
      [...this.#breakers].map(([service, { circuit, refused }]) => {
        const opensForMs = circuit.state === 'open' ? Math.max(0, circuit.atMs - nowMs) : 0
        const isOver = circuit.state === 'open' && opensForMs === 0
        return [service, { state: isOver ? 'half-open' : circuit.state, opensForMs, refused }]
      }),
    )
  }

  /** Changes options, with every circuit closed and nothing remembered. */
  configure(options: BreakerOptions): void {
    this.#rules = rulesFor(options)
    this.#options = options
    this.#breakers.clear()
  }

  /** Until the service may be called, in ms; 0 lets this request call it. */
  take(request: ApiRequest): number {
    if (!this.#options.enabled) return 0
    const breaker = this.#breaker(request.service)
    const { circuit } = breaker
    const waitMs = this.#rules.admit(circuit, request.priority, this.#now(), this.#random)
    if (waitMs > 0) breaker.refused++
    else this.#tickets.set(request, circuit.generation)
    return waitMs
  }

  /** Learns from how a request that called the service has ended. */
  ended(request: ApiRequest, { by, status, durationMs, retryAfterMs = 0 }: Outcome): void {
    const ticket = this.#tickets.get(request)
    if (ticket === undefined) return
    const isFailure =
      durationMs >= this.#options.slowMs ||
      status === 'dropped' ||
      (typeof status === 'number' && status >= 500)
    // A client that leaves early, and a limit that is its own, say nothing of the service.
    const isSilent = by === 'limits' || status === 'gone'
    this.#rules.settle(
      this.#breaker(request.service).circuit,
      ticket,
      isFailure ? 'failure' : isSilent ? 'ignored' : 'success',
      durationMs,
      retryAfterMs,
      this.#now(),
      this.#random,
    )
  }

  #breaker(service: Service): Breaker {
    let breaker = this.#breakers.get(service)
    if (!breaker) {
      breaker = { circuit: newCircuit(), refused: 0 }
      this.#breakers.set(service, breaker)
    }
    return breaker
  }
}

/** Gives the options back. @throws RangeError when they do not go together */
export function checked(options: BreakerOptions): BreakerOptions {
  rulesFor(options)
  return options
}

function rulesFor({
  failureRatio,
  minRequests,
  windowMs,
  ...options
}: BreakerOptions): CircuitRules {
  const { slowMs, openMs, maxOpenMs, probes, rampMs } = options
  return circuitRules({
    trip: failureRate({ ratio: failureRatio, minCalls: minRequests, windowMs }),
    openMs,
    maxOpenMs,
    maxProbes: probes,
    probeLeaseMs: slowMs,
    rampMs,
  })
}
