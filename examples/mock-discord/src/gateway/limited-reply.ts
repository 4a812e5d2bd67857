import { rateLimited } from '../limits/rate-limit-reply.ts'
import type { ApiReply } from '../stage.ts'
import type { Limit, Taken } from './counters.ts'
import type { GatewayOptions } from './gateway-options.ts'

/** Whole seconds, rounded up as a delay that is too short helps nobody. */
const seconds = (ms: number) => String(Math.ceil(ms / 1_000))

/** The fields of draft-ietf-httpapi-ratelimit-headers-10: a policy by name, and what is left of it. */
function rateLimitFields(
  name: string,
  { requests, windowMs }: Limit,
  { remaining, waitMs }: Taken,
): Record<string, string> {
  const w = Math.max(1, Math.round(windowMs / 1_000))
  return {
    'ratelimit-policy': `"${name}";q=${Math.floor(requests)};w=${w}`,
    ratelimit: `"${name}";r=${remaining};t=${seconds(waitMs)}`,
  }
}

/** Gives the gateway's 429, with as much in its headers as the options say. */
export function limitedReply(
  form: GatewayOptions['headers'],
  name: string,
  limit: Limit,
  taken: Taken,
): ApiReply {
  if (form === 'discord') return rateLimited('global', taken.waitMs)
  const headers =
    form === 'retry-after'
      ? { 'retry-after': seconds(taken.waitMs) }
      : form === 'ratelimit'
        ? rateLimitFields(name, limit, { ...taken, remaining: 0 })
        : {}
  return {
    status: 429,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ message: 'You are being rate limited.', code: 0 }),
  }
}
