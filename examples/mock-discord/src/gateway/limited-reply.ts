import { rateLimited } from '../limits/rate-limit-reply.ts'
import type { ApiReply } from '../stage.ts'
import type { Limit, Taken } from './counters.ts'
import type { GatewayOptions } from './gateway-options.ts'
import { seconds } from './unavailable.ts'

/**
 * The fields of draft-ietf-httpapi-ratelimit-headers-10: a policy by name, and what is left of it. Their windows are whole
 * seconds: of a shorter one they tell what comes to the same in a second.
 */
export function rateLimitFields(
  name: string,
  { requests, windowMs }: Limit,
  { remaining, waitMs }: Taken,
): Record<string, string> {
  const w = Math.ceil(windowMs / 1_000)
  const windows = (1_000 * w) / windowMs
  return {
    'ratelimit-policy': `"${name}";q=${Math.floor(requests * windows)};w=${w}`,
    ratelimit: `"${name}";r=${Math.floor(remaining * windows)};t=${seconds(waitMs)}`,
  }
}

/** Whether refusals carry `Retry-After`. */
export const saysWhen = (form: GatewayOptions['headers']): boolean =>
  form === 'retry-after' || form === 'backpressure'

/** Whether every reply carries the fields of the draft. */
export const hasFields = (form: GatewayOptions['headers']): boolean =>
  form === 'ratelimit' || form === 'backpressure'

/** Gives the gateway's 429, with as much in its headers as the options say. */
export function limitedReply(
  form: GatewayOptions['headers'],
  name: string,
  limit: Limit,
  taken: Taken,
): ApiReply {
  if (form === 'discord') return rateLimited('global', taken.waitMs)
  return {
    status: 429,
    headers: {
      'content-type': 'application/json',
      ...(saysWhen(form) && { 'retry-after': seconds(taken.waitMs) }),
      ...(hasFields(form) && rateLimitFields(name, limit, { ...taken, remaining: 0 })),
    },
    body: JSON.stringify({ message: 'You are being rate limited.', code: 0 }),
  }
}
