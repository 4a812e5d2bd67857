import { type CircuitState, exportCircuits } from '@evenkeel/circuit-breaker'
import { type Clock, compose, type Random } from '@evenkeel/core'
import type { NetworkSignals } from '@evenkeel/core/network'
import type { ShareStateOptions, StateEvent } from '@evenkeel/core/persistence'
import type { FetchEvent, ResilientFetch } from '@evenkeel/fetch'
import { discord } from '@evenkeel/fetch/discord'
import { sharing } from '@evenkeel/fetch/shared-state'
import { fleetHint, parseFleetHint } from '@evenkeel/rate-limit/fleet-hint'
import { type CostWeightedBudget, costWeightedBudget } from '@evenkeel/retry'
import { type DialGateKind, sharedDials } from '@evenkeel/websocket'
import { createClient, type HealthState } from 'evenkeel'
import type { StateNews } from './panel/state-news.ts'

/** How the parts that keep state stand now. */
export interface ClientGauges {
  /** That of critical calls, if it is not simply closed. */
  readonly circuit: CircuitState
  /** Until it tries a call, while it is open. */
  readonly circuitOpenMs: number
  /** Whether the circuit of critical calls, which are messages and the socket's dials, lets them through. */
  readonly sendsMessages: boolean
  readonly cooldownMs: number
  /** Calls that wait for their turn. */
  readonly parked: number
  /** What the retry budget holds, from 0 to 1. */
  readonly budgetRatio: number
  /** Other tabs that share all this. */
  readonly tabs: number
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
  /** Where state outlives the page, and how tabs share it. @defaultValue Web Storage, and all tabs of the origin */
  readonly share?: ShareStateOptions | undefined
  /** Whether this page was there before, and has been loaded again. */
  readonly isReload?: boolean | undefined
  readonly onState: (news: StateNews) => void
}

/**
 * Makes the client: Discord's limits, but the budget of a page. A bot is one of hundreds, a page one of
 * millions: one token, which pays for four retries after a refusal, or for one after silence. What is
 * known of the server outlives the page, and is one for all tabs: pressing reload gains nothing.
 */
export function resilientClient({
  apiUrl,
  clock,
  random,
  fetch: send,
  onEvent,
  onHealth,
  signals,
  share,
  isReload = false,
  onState,
}: ClientOptions): ResilientClient {
  const { origin: key } = new URL(apiUrl)
  const budget = costWeightedBudget({ clock, random })
  const hint = fleetHint({ clock, random })
  // What is restored by the end of this was kept by the page before; later, by another.
  let isBefore = isReload
  const onShared = (event: StateEvent): void =>
    onState(event.type === 'restored' ? { ...event, isReload: isBefore } : event)
  const { fetch, health, shared } = createClient({
    baseUrl: apiUrl,
    preset: discord({ clock }),
    retry: { budget },
    fleetHint: hint,
    shared: () => sharing({ name: 'chat', clock, random, ...share, onEvent: onShared }),
    network: { signals },
    health: { onChange: onHealth },
    attemptHeader: 'x-attempt',
    fetch: send,
    clock,
    random,
    onEvent,
  })
  isBefore = false
  const { rateLimit, circuitBreaker } = fetch.policies
  const admission = [rateLimit, circuitBreaker].filter((policy) => policy !== undefined)

  /** The circuit to tell of, whoever has opened it: this page, the one before, or another tab. */
  function circuitGauges(): Pick<ClientGauges, 'circuit' | 'circuitOpenMs' | 'sendsMessages'> {
    const critical = circuitBreaker?.state(key, 'critical') ?? 'closed'
    const sendsMessages = critical === 'closed'
    const circuit = sendsMessages ? (circuitBreaker?.state(key) ?? critical) : critical
    if (circuit !== 'open' || !circuitBreaker) return { circuit, circuitOpenMs: 0, sendsMessages }
    const { circuits, savedAtMs } = exportCircuits(circuitBreaker, key)
    const name = sendsMessages ? key : `${key} critical`
    const { atMs = savedAtMs } = circuits.find((each) => each.key === name) ?? {}
    return { circuit, circuitOpenMs: Math.max(0, atMs - savedAtMs), sendsMessages }
  }

  return {
    fetch,
    budget,
    health,
    hinted(field) {
      const found = parseFleetHint(field)
      if (found) hint.set(key, found)
    },
    dials: sharedDials({ budget, policy: compose(...admission), priority: 'critical' }),
    gauges() {
      const limits = rateLimit?.state(key)
      return {
        ...circuitGauges(),
        cooldownMs: limits?.cooldownMs ?? 0,
        parked: limits?.queued ?? 0,
        budgetRatio: Math.max(0, budget.tokens(key)),
        tabs: shared?.tabs ?? 0,
      }
    },
  }
}
