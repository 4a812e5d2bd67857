import type { CircuitState } from '@evenkeel/circuit-breaker'
import { type Clock, compose, type Random } from '@evenkeel/core'
import type { NetworkSignals } from '@evenkeel/core/network'
import type { FetchEvent, ResilientFetch } from '@evenkeel/fetch'
import { discord } from '@evenkeel/fetch/discord'
import { fleetHint, parseFleetHint } from '@evenkeel/rate-limit/fleet-hint'
import { type CostWeightedBudget, costWeightedBudget } from '@evenkeel/retry'
import { type DialGateKind, sharedDials } from '@evenkeel/websocket'
import { createClient, type HealthState } from 'evenkeel'

/** How the parts that keep state stand now. */
export interface ClientGauges {
  /** That of critical calls, if it is not simply closed. */
  readonly circuit: CircuitState
  readonly cooldownMs: number
  /** Calls that wait for their turn. */
  readonly parked: number
  /** What the retry budget holds, from 0 to 1. */
  readonly budgetRatio: number
}

/** One failure domain for all that goes to the API: its calls, and the dials of its socket. */
export interface ResilientClient {
  readonly fetch: ResilientFetch
  readonly budget: CostWeightedBudget
  readonly dials: DialGateKind
  /** How the API is, and why. */
  readonly health: HealthState
  /** Takes in what the server asks of all clients, as the gateway tells it. */
  hinted(field: string): void
  gauges(): ClientGauges
}

export interface ClientOptions {
  readonly apiUrl: string
  readonly clock: Clock
  readonly random?: Random | undefined
  readonly fetch?: typeof globalThis.fetch | undefined
  readonly onEvent: (event: FetchEvent) => void
  readonly onHealth: (health: HealthState) => void
  readonly signals: NetworkSignals
}

/**
 * Makes the client: Discord's limits, but the budget of a page. A bot is one of hundreds, a page one of
 * millions: one token, which pays for four retries after a refusal, or for one after silence.
 */
export function resilientClient({
  apiUrl,
  clock,
  random,
  fetch: send,
  onEvent,
  onHealth,
  signals,
}: ClientOptions): ResilientClient {
  const { origin: key } = new URL(apiUrl)
  const budget = costWeightedBudget({ clock, random })
  const hint = fleetHint({ clock, random })
  const { fetch, health } = createClient({
    baseUrl: apiUrl,
    preset: discord({ clock }),
    retry: { budget },
    fleetHint: hint,
    network: { signals },
    health: { onChange: onHealth },
    attemptHeader: 'x-attempt',
    fetch: send,
    clock,
    random,
    onEvent,
  })
  const { rateLimit, circuitBreaker } = fetch.policies
  const shared = [rateLimit, circuitBreaker].filter((policy) => policy !== undefined)
  return {
    fetch,
    budget,
    health,
    hinted(field) {
      const found = parseFleetHint(field)
      if (found) hint.set(key, found)
    },
    dials: sharedDials({ budget, policy: compose(...shared), priority: 'critical' }),
    gauges() {
      const limits = rateLimit?.state(key)
      const critical = circuitBreaker?.state(key, 'critical') ?? 'closed'
      return {
        circuit: critical === 'closed' ? (circuitBreaker?.state(key) ?? critical) : critical,
        cooldownMs: limits?.cooldownMs ?? 0,
        parked: limits?.queued ?? 0,
        budgetRatio: Math.max(0, budget.tokens(key)),
      }
    },
  }
}
