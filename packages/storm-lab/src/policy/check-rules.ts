import { checkNumber } from '@evenkeel/core'
import { checkNames, type Names } from '../scenario/known-names.ts'
import type { ClientRules } from './client-rules.ts'

const names: Names<ClientRules> = {
  totalTimeoutMs: 0,
  attemptTimeoutMs: 0,
  retry: {
    maxRetries: 0,
    backoff: 0,
    budget: 0,
    maxRetryAfterMs: 0,
    onlyIdempotent: 0,
    obeysRetryAfter: 0,
  },
  cooldown: { limits: 0, maxWaitMs: 0, maxQueued: 0, rampMs: 0 },
  circuitBreaker: {
    trip: 0,
    openMs: 0,
    maxOpenMs: 0,
    maxProbes: 0,
    probeLeaseMs: 0,
    rampMs: 0,
    separatesCritical: 0,
  },
  fleetHint: 0,
  survivesReload: 0,
}

/** @throws `RangeError` for rules that can't be kept, naming what is wrong */
export function checkRules(rules: ClientRules): void {
  checkNames('rules', rules, names)
  const { totalTimeoutMs = 1, attemptTimeoutMs = 1, retry } = rules
  checkNumber('storm', 'totalTimeoutMs', totalTimeoutMs, 1)
  checkNumber('storm', 'attemptTimeoutMs', attemptTimeoutMs, 1)
  if (!retry) return
  const { maxRetries = 0, maxRetryAfterMs = 0, backoff, budget } = retry
  checkNumber('storm', 'retry.maxRetries', maxRetries, 0)
  checkNumber('storm', 'retry.maxRetryAfterMs', maxRetryAfterMs, 0)
  checkFunction('retry.backoff', backoff, 'fullJitter() of @evenkeel/retry')
  checkFunction('retry.budget', budget || undefined, 'costWeighted() or false')
}

function checkFunction(name: string, given: unknown, such: string): void {
  if (given !== undefined && typeof given !== 'function')
    throw new RangeError(`storm: ${name} must be a function, such as ${such}, got ${given}`)
}
