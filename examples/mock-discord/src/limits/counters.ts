/** How many requests each kind of limit let through or refused. */
export interface LimitCounters {
  passed: number
  /** Refused by a bucket. */
  user: number
  /** Refused by a hidden limit inside a bucket. */
  sub: number
  shared: number
  global: number
  /** Replies that count towards a ban. */
  invalid: number
  bans: number
  /** Answered with Cloudflare's page. */
  banned: number
}

/** Starts a count of nothing. */
export function emptyCounters(): LimitCounters {
  return { passed: 0, user: 0, sub: 0, shared: 0, global: 0, invalid: 0, bans: 0, banned: 0 }
}
