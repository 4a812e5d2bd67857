import { sharedCircuits } from '@evenkeel/circuit-breaker'
import {
  type SharedState,
  type ShareStateOptions,
  type StatePart,
  shareState,
} from '@evenkeel/core/persistence'
import { reloadBackoff, sharedRateLimit } from '@evenkeel/rate-limit'
import { sharedBudget, type TokenBudget } from '@evenkeel/retry'
import { createFetch, type ResilientFetch } from './create-fetch.ts'
import type { FetchOptions } from './options.ts'
import type { PresetParts } from './preset.ts'

/** A {@link ResilientFetch} whose state outlives a reload and is shared by tabs. */
export interface SharedFetch extends ResilientFetch {
  /** To be closed with the app. */
  readonly shared: SharedState
}

/** A budget that holds no tokens per key is for servers, which do not reload. */
const hasTokens = (budget: object): budget is TokenBudget => 'keys' in budget

/** What of a fetch, or of a preset, `shareState` of `@evenkeel/core/persistence` can share. */
export function stateParts({ retry, rateLimit, circuitBreaker }: PresetParts): StatePart[] {
  const budget = retry?.budget
  return [
    circuitBreaker && sharedCircuits(circuitBreaker),
    budget && hasTokens(budget) ? sharedBudget(budget) : undefined,
    rateLimit && sharedRateLimit(rateLimit),
  ].filter((part) => part !== undefined)
}

/**
 * Wraps `fetch` as {@link createFetch} does, with circuits, retry budget, cooldowns and backoff that
 * outlive a reload and are one for all tabs: pressing reload in an outage makes no more requests than
 * waiting, and six tabs are one client.
 */
export function sharedFetch(options: FetchOptions = {}, share?: ShareStateOptions): SharedFetch {
  const { rateLimit, clock, random } = options
  const fetch = createFetch({
    ...options,
    rateLimit: rateLimit !== false && {
      ...rateLimit,
      limits: [...(rateLimit?.limits ?? []), reloadBackoff()],
    },
  })
  const shared = shareState(stateParts(fetch.policies), { clock, random, ...share })
  return Object.assign(fetch, { shared })
}
