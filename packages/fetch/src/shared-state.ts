import { sharedCircuits } from '@evenkeel/circuit-breaker'
import {
  type SharedState,
  type ShareStateOptions,
  type StatePart,
  shareState,
} from '@evenkeel/core/persistence'
import { type LimitFactory, reloadBackoff, sharedRateLimit } from '@evenkeel/rate-limit'
import { sharedBudget, type TokenBudget } from '@evenkeel/retry'
import { createFetch, type ResilientFetch } from './create-fetch.ts'
import type { FetchOptions } from './options.ts'
import type { PresetParts } from './preset.ts'

/** A {@link ResilientFetch} whose state outlives a reload and is shared by tabs. */
export interface SharedFetch extends ResilientFetch {
  /** To be closed with the app. */
  readonly shared: SharedState
}

/** How a fetch comes to share its state: with limits of its own, and once it is made. */
export interface Sharing {
  /** Further limits of its `rateLimit`: a reload waits as a retry would. */
  readonly limits: readonly LimitFactory[]
  /** Begins to share. */
  start(policies: PresetParts): SharedState
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

/** Shares the state of something that is yet to be made: for `createClient({ shared: sharing })`. */
export function sharing(share: ShareStateOptions = {}): Sharing {
  return {
    limits: [reloadBackoff()],
    start: (policies) => shareState(stateParts(policies), share),
  }
}

/**
 * Wraps `fetch` as {@link createFetch} does, with circuits, retry budget, cooldowns and backoff that
 * outlive a reload and are one for all tabs: pressing reload in an outage makes no more requests than
 * waiting, and six tabs are one client.
 */
export function sharedFetch(options: FetchOptions = {}, share?: ShareStateOptions): SharedFetch {
  const { rateLimit, clock, random } = options
  const { limits, start } = sharing({ clock, random, ...share })
  const fetch = createFetch({ ...options, rateLimit: withLimits(rateLimit, limits) })
  return Object.assign(fetch, { shared: start(fetch.policies) })
}

/** The options of a rate limit, with further limits. */
function withLimits(
  rateLimit: FetchOptions['rateLimit'],
  limits: readonly LimitFactory[],
): FetchOptions['rateLimit'] {
  return rateLimit !== false && { ...rateLimit, limits: [...(rateLimit?.limits ?? []), ...limits] }
}
