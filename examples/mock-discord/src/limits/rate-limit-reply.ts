import type { ApiReply } from '../stage.ts'
import type { Taken } from './windows.ts'

/** Whose limit it was, as in `X-RateLimit-Scope`. */
export type Scope = 'user' | 'global' | 'shared'

/** The bucket a request was counted in, and what that left. */
export interface BucketState extends Taken {
  /** 32 hex digits without the major parameter, as in `X-RateLimit-Bucket`. */
  readonly hash: string
  readonly limit: number
}

// Rounded up: whoever waits exactly this long must not come early.
const seconds = (ms: number) => (Math.ceil(Math.max(0, ms)) / 1000).toFixed(3)

/** The headers of a response that was counted in a bucket. */
export function bucketHeaders(bucket: BucketState, now: number): Record<string, string> {
  return {
    'x-ratelimit-limit': String(bucket.limit),
    'x-ratelimit-remaining': String(bucket.remaining),
    'x-ratelimit-reset': seconds(bucket.resetAt),
    'x-ratelimit-reset-after': seconds(bucket.resetAt - now),
    'x-ratelimit-bucket': bucket.hash,
  }
}

/** A 429 as Discord writes it: the header in whole seconds, rounded up; the body in fractions. */
export function rateLimited(
  scope: Scope,
  waitMs: number,
  headers: Readonly<Record<string, string>> = {},
): ApiReply {
  const message =
    scope === 'shared' ? 'The resource is being rate limited.' : 'You are being rate limited.'
  const global = scope === 'global'
  return {
    status: 429,
    headers: {
      ...headers,
      'content-type': 'application/json',
      'retry-after': String(Math.ceil(waitMs / 1000)),
      ...(global && { 'x-ratelimit-global': 'true' }),
      'x-ratelimit-scope': scope,
      via: '1.1 google',
    },
    body: JSON.stringify({ message, retry_after: Number(seconds(waitMs)), global }),
  }
}

/** What Cloudflare answers in Discord's place: no rate-limit header, no `Via`, no JSON. */
export const cloudflareBan: ApiReply = {
  status: 429,
  headers: { 'content-type': 'text/html; charset=UTF-8', server: 'cloudflare' },
  body: `<!doctype html>
<html lang="en-US"><head><title>Access denied | discord.com used Cloudflare to restrict access</title></head>
<body><h1>Error 1015</h1><h2>You are being rate limited</h2>
<p>The owner of this website (discord.com) has banned you temporarily from accessing this website.</p></body></html>
`,
}
