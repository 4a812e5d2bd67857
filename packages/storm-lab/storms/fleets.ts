import { anyOf, consecutiveFailures, failureRate } from '@evenkeel/circuit-breaker'
import { createFetch } from '@evenkeel/fetch'
import { fullJitter, hedge } from '@evenkeel/retry'
import {
  type ClientRules,
  type Contender,
  contender,
  contenders,
  costWeighted,
  mixed,
  type RetryRules,
  shell,
} from '../src/index.ts'

/** A client with nothing but its retries, for which an attempt may take 30 s. */
function retries(rules: RetryRules, more: ClientRules = {}): ClientRules {
  const heedless = { budget: false, obeysRetryAfter: false, onlyIdempotent: false } as const
  const retry = { ...heedless, backoff: fullJitter(), ...rules }
  return { attemptTimeoutMs: 30_000, retry, cooldown: false, circuitBreaker: false, ...more }
}

const rules: Readonly<Record<string, ClientRules>> = {
  exponential: retries({ backoff: ({ retry }) => 1000 * 2 ** (retry - 1) }),
  'prescription-10s': retries({}, { attemptTimeoutMs: 10_000 }),
  'own-budget': retries({ budget: costWeighted() }),
  // The parts of evenkeel, one after another.
  'with-60s': retries({}, { attemptTimeoutMs: 60_000 }),
  'with-budget': retries({ budget: costWeighted() }, { attemptTimeoutMs: 60_000 }),
  'with-cooldown': { circuitBreaker: false },
  // evenkeel, but for one thing.
  'without-cooldown': { cooldown: false },
  'without-breaker': { circuitBreaker: false },
  'five-in-a-row': {
    circuitBreaker: {
      trip: anyOf(consecutiveFailures({ threshold: 5 }), failureRate({ ratio: 0.5 })),
      maxProbes: 1,
      rampMs: 5000,
    },
  },
  'one-probe': { circuitBreaker: { maxProbes: 1, rampMs: 5000 } },
  'one-circuit': { circuitBreaker: { separatesCritical: false } },
  'longer-open': { circuitBreaker: { maxOpenMs: 60_000 } },
  'with-30s': { attemptTimeoutMs: 30_000 },
  'survives-reload': { survivesReload: true },
}

function share(evenkeelRatio: number, cooperative: Contender): Contender {
  return mixed(`${cooperative.name} ${evenkeelRatio}`, 'Beside clients that retry each second.', [
    [evenkeelRatio, cooperative],
    [1 - evenkeelRatio, contenders['fixed-1s']],
  ])
}

const made = Object.fromEntries(
  Object.entries(rules).map(([name, its]) => [name, contender(name, name, its)]),
)

const fleets: Readonly<Record<string, Contender>> = {
  ...contenders,
  ...made,
  'mixed-20': share(0.2, contenders.evenkeel),
  'mixed-80': share(0.8, contenders.evenkeel),
  'mixed-20-without-breaker': share(0.2, made['without-breaker'] as Contender),
  'mixed-80-without-breaker': share(0.8, made['without-breaker'] as Contender),
  hedged: shell('hedged', 'createFetch() with hedge().', (platform) => {
    const fetch = createFetch({ ...platform, hedge: hedge(platform) })
    return ({ url, method, priority, idempotent }) =>
      fetch(url, { method, evenkeel: { priority, idempotent } })
  }),
  'hedged-unpaid': shell('hedged-unpaid', 'The same without a budget for it.', (platform) => {
    const unpaid = hedge({ ...platform, budget: false })
    const fetch = createFetch({ ...platform, hedge: unpaid })
    return ({ url, method, priority, idempotent }) =>
      fetch(url, { method, evenkeel: { priority, idempotent } })
  }),
}

/** The fleet that is asked for in this module's address: how a thread of its own gets it. */
export default fleets[new URL(import.meta.url).searchParams.get('name') ?? 'evenkeel']
