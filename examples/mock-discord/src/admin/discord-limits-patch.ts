import type { InvalidLimit } from '../limits/invalid-requests.ts'
import type { Limits } from '../limits/limits.ts'
import type { Limit } from '../limits/rules.ts'
import {
  boolean,
  integer,
  number,
  oneOf,
  orUnlimited,
  partial,
  positive,
  type Reader,
  recordOf,
  text,
  whole,
} from '../options/readers.ts'

/** A change to Discord's own limits. */
export interface DiscordLimitsPatch {
  readonly enabled?: boolean | undefined
  readonly global?: (Limit & { readonly algorithm?: 'fixed' | 'sliding' | undefined }) | undefined
  /** By rule (`message-write`) or by route (`GET /channels/:channel`). */
  readonly routes?: Readonly<Record<string, Limit>> | undefined
  /** Invalid requests until an address is banned. */
  readonly invalid?: Partial<InvalidLimit> | undefined
  /** Answers a route, or one resource of it, with shared 429s for a time. */
  readonly shared?:
    | { readonly route: string; readonly forMs: number; readonly major?: string | undefined }
    | undefined
  /** Bans an address as Cloudflare does; 0 ms lifts the ban. */
  readonly ban?: { readonly ip: string; readonly forMs: number } | undefined
}

const limit = { limit: orUnlimited(integer(0)), windowMs: positive }

/** Reads a change to Discord's own limits. */
export const readDiscordLimitsPatch: Reader<DiscordLimitsPatch> = partial<DiscordLimitsPatch>({
  enabled: boolean,
  global: whole<NonNullable<DiscordLimitsPatch['global']>>(
    { ...limit, algorithm: oneOf('fixed', 'sliding') },
    ['limit', 'windowMs'],
  ),
  routes: recordOf(whole<Limit>(limit, ['limit', 'windowMs'])),
  invalid: partial<InvalidLimit>({ ...limit, banMs: positive }),
  shared: whole<NonNullable<DiscordLimitsPatch['shared']>>(
    { route: text, forMs: positive, major: text },
    ['route', 'forMs'],
  ),
  ban: whole<NonNullable<DiscordLimitsPatch['ban']>>({ ip: text, forMs: number(0) }, [
    'ip',
    'forMs',
  ]),
})

/** @throws RangeError for a rule or route that does not exist. */
export function checkDiscordLimits(limits: Limits, { routes, shared }: DiscordLimitsPatch): void {
  for (const route of Object.keys(routes ?? {})) limits.check(route)
  if (shared) limits.check(shared.route)
}

/** Applies a change that has been read. */
export function applyDiscordLimits(limits: Limits, patch: DiscordLimitsPatch): void {
  const { enabled, global, routes = {}, invalid, shared, ban } = patch
  if (enabled !== undefined) limits.enabled = enabled
  if (global) limits.setGlobal(global)
  for (const [route, routeLimit] of Object.entries(routes)) limits.set(route, routeLimit)
  if (invalid) limits.setInvalid(invalid)
  if (shared) limits.forceShared(shared.route, shared.forMs, shared.major)
  if (ban) limits.ban(ban.ip, ban.forMs)
}
