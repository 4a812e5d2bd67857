import { adaptiveThrottle } from '@evenkeel/rate-limit'
import { fullJitter } from '@evenkeel/retry'
import type { ClientRules, RetryRules } from '../policy/client-rules.ts'
import { awsQuota, finagleReserve, grpcThrottling } from '../policy/peer-budgets.ts'
import { type Contender, contender } from './contender.ts'
import { doubling, eachSecond, prescribed as prescribedDials, withSockets } from './sockets.ts'

/** How long most clients wait for an answer; the incident's did. */
const attemptTimeoutMs = 30_000

/** A client with nothing but its retries, which ends with its user. */
function plain(retry: RetryRules | false): ClientRules {
  // None of them asks whether a call may be applied twice.
  const heedless = { budget: false, obeysRetryAfter: false, onlyIdempotent: false } as const
  const rules = retry && { ...heedless, ...retry }
  return { attemptTimeoutMs, retry: rules, cooldown: false, circuitBreaker: false }
}

const documented = (name: string, about: string, rules: ClientRules): Contender =>
  contender(name, about, rules, 'formula')

/** Fails as soon as an attempt does. */
export const noRetries: Contender = withSockets(
  documented('no-retries', 'Gives up when its first attempt fails.', plain(false)),
  eachSecond,
)

/** What is written in a hurry. */
export const fixedDelay: Contender = withSockets(
  documented(
    'fixed-1s',
    'Tries again three times, a second apart.',
    plain({ maxRetries: 3, backoff: () => 1000 }),
  ),
  eachSecond,
)

/** What is written in a greater hurry. */
export const endlessLoop: Contender = withSockets(
  documented(
    'endless-loop',
    'Tries again every second for as long as its user waits.',
    plain({ maxRetries: Infinity, backoff: () => 1000 }),
  ),
  eachSecond,
)

/** axios-retry: three retries, by default without a delay. */
export const immediate: Contender = withSockets(
  documented(
    'immediate',
    'Tries again three times at once, as axios-retry does unless it is told otherwise.',
    plain({ maxRetries: 3, backoff: () => 1 }),
  ),
  eachSecond,
)

/** p-retry's documented schedule: ten retries after 1, 2, 4 … 512 s, which go on when the user has gone. */
export const pRetryFormula: Contender = withSockets(
  documented(
    'p-retry',
    'Tries again ten times, after 1, 2, 4 … 512 s, whoever still waits: the defaults of p-retry.',
    {
      ...plain({ maxRetries: 10, backoff: ({ retry }) => 1000 * 2 ** (retry - 1) }),
      totalTimeoutMs: Infinity,
    },
  ),
  doubling,
)

const prescribed = { maxRetries: 3, backoff: fullJitter() }

/** What the incident's own report prescribes. */
export const prescription: Contender = withSockets(
  documented(
    'prescription',
    'Exponential backoff from 1 s to 60 s with full jitter, at most three retries.',
    plain(prescribed),
  ),
  prescribedDials,
)

/** The prescription, and nothing more than a longer wait for answers. */
export const patientPrescription: Contender = withSockets(
  documented('prescription-60s', 'The prescription, but each attempt may take 60 s.', {
    ...plain(prescribed),
    attemptTimeoutMs: 60_000,
  }),
  prescribedDials,
)

/** The prescription within the budget of the AWS SDKs. */
export const awsBudgeted: Contender = withSockets(
  documented(
    'aws-budget',
    'The prescription with the retry quota of the AWS SDKs.',
    plain({ ...prescribed, budget: awsQuota() }),
  ),
  prescribedDials,
)

/** The prescription within gRPC's retry throttling. */
export const grpcBudgeted: Contender = withSockets(
  documented(
    'grpc-budget',
    'The prescription with the retry throttling of gRPC.',
    plain({ ...prescribed, budget: grpcThrottling() }),
  ),
  prescribedDials,
)

/** The prescription within Finagle's budget. */
export const finagleBudgeted: Contender = withSockets(
  documented(
    'finagle-budget',
    'The prescription with the retry budget of Finagle.',
    plain({ ...prescribed, budget: finagleReserve() }),
  ),
  prescribedDials,
)

/** The prescription behind a circuit breaker. */
export const breakerOnly: Contender = withSockets(
  documented(
    'breaker-only',
    'The prescription with a circuit breaker of @evenkeel/circuit-breaker, and no budget.',
    { ...plain(prescribed), circuitBreaker: {} },
  ),
  prescribedDials,
)

/** The prescription behind the SRE book's throttle. */
export const sreThrottle: Contender = withSockets(
  documented(
    'sre-throttle',
    "The prescription with the adaptive throttling of Google's SRE book, as printed.",
    { ...plain(prescribed), cooldown: { limits: [adaptiveThrottle({ countRefused: true })] } },
  ),
  prescribedDials,
)
