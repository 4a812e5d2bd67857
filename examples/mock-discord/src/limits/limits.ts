import type { ApiReply } from '../stage.ts'
import { Buckets, takeFrom } from './buckets.ts'
import { checkLimit } from './check-limit.ts'
import { emptyCounters, type LimitCounters } from './counters.ts'
import { type InvalidLimit, InvalidRequests, invalidLimit } from './invalid-requests.ts'
import { type BucketState, bucketHeaders, cloudflareBan, rateLimited } from './rate-limit-reply.ts'
import { globalLimit, type Limit } from './rules.ts'
import { SharedBlocks } from './shared-blocks.ts'
import { fixedWindows, slidingWindows, type Windows } from './windows.ts'

/** A limit for all routes of one credential. */
export interface GlobalLimit extends Limit {
  /** @defaultValue `fixed`; Discord doesn't say which it uses */
  readonly algorithm?: 'fixed' | 'sliding' | undefined
}

/** The limits a server starts with, and goes back to on `reset`. */
export interface LimitsOptions {
  /** @defaultValue true */
  readonly enabled?: boolean | undefined
  /** @defaultValue 50 in a fixed window of 1 s */
  readonly global?: GlobalLimit | undefined
  /** @defaultValue 10,000 in 10 minutes, then banned for an hour */
  readonly invalid?: Partial<InvalidLimit> | undefined
  /** By rule (`message-write`) or by route (`GET /channels/:channel`). */
  readonly routes?: Readonly<Record<string, Limit>> | undefined
}

/** What the limits look at in one request. */
export interface LimitedRequest {
  readonly credential: string
  /** A route, or the name of a rule where a route has several. */
  readonly rule: string
  /** The channel, guild, or webhook with its token. */
  readonly major: string
  /** The body's fields; read only where a rule has a sub-limit. */
  readonly fields?: (() => object) | undefined
}

/** A reply refuses the request; a bucket is what it was counted in. */
export interface Verdict {
  readonly reply?: ApiReply
  readonly bucket?: BucketState
}

/** Discord's rate limits: per bucket and major parameter, per credential, and per address. */
export class Limits {
  readonly #now: () => number
  readonly #options: LimitsOptions
  readonly #invalid = new InvalidRequests()
  readonly #shared = new SharedBlocks()
  #buckets = new Buckets()
  #global: GlobalLimit = globalLimit
  #globalWindows: Windows = fixedWindows()
  #counters = emptyCounters()
  /** Without it there is no limit, no ban, and no header that tells of one. */
  enabled = true

  constructor(now: () => number, options: LimitsOptions = {}) {
    this.#now = now
    this.#options = options
    this.reset()
  }

  /** What was counted since the start or the last `reset`. */
  get counters(): Readonly<LimitCounters> {
    return { ...this.#counters }
  }

  /** Answers for Cloudflare, ahead of everything else: banned addresses get its page. */
  edge(ip: string): ApiReply | undefined {
    if (!this.enabled || !this.#invalid.isBanned(ip, this.#now())) return undefined
    this.#counters.banned++
    return cloudflareBan
  }

  /** Counts a request; one over the global limit is not counted in its bucket. */
  take({ credential, rule, major, fields }: LimitedRequest): Verdict {
    if (!this.enabled) return {}
    const now = this.#now()
    const { limit, windowMs } = this.#global
    const global = this.#globalWindows.take(credential, limit, windowMs, now)
    if (!global.ok) {
      this.#counters.global++
      return { reply: rateLimited('global', global.resetAt - now) }
    }
    const bucket = this.#buckets.get(rule)
    const sharedMs = this.#shared.waitMs(bucket.name, major, now)
    if (sharedMs > 0) {
      this.#counters.shared++
      // As in Discord's own example: something remains, and the reset isn't the wait.
      const remaining = Math.max(1, bucket.limit - 1)
      const state = { ...bucket, ok: false, remaining, resetAt: now + bucket.windowMs }
      return { reply: rateLimited('shared', sharedMs, bucketHeaders(state, now)) }
    }
    const state = takeFrom(bucket, credential, major, now)
    const also = state.ok && bucket.also && this.#buckets.get(bucket.also)
    const full = also ? takeFrom(also, credential, major, now) : state
    if (!full.ok) {
      const scope = bucket.scope ?? 'user'
      this.#counters[scope]++
      return { reply: rateLimited(scope, full.resetAt - now, bucketHeaders(full, now)) }
    }
    if (bucket.sub && fields) {
      const given = fields()
      const sub =
        bucket.sub.fields.some((field) => field in given) &&
        takeFrom(this.#buckets.get(bucket.sub.rule), credential, major, now)
      if (sub && !sub.ok) {
        this.#counters.sub++
        // The headers still tell of the outer bucket: only the wait gives the sub-limit away.
        return { reply: rateLimited('user', sub.resetAt - now, bucketHeaders(state, now)) }
      }
    }
    this.#counters.passed++
    return { bucket: state }
  }

  /** The headers that the reply to a counted request carries. */
  headers(bucket: BucketState): Record<string, string> {
    return bucketHeaders(bucket, this.#now())
  }

  /** Told of every reply: 401, 403 and 429 count towards a ban, unless the limit was shared. */
  answered(ip: string, status: number, headers: Readonly<Record<string, string>>): void {
    if (status !== 401 && status !== 403 && status !== 429) return
    if (headers['x-ratelimit-scope'] === 'shared') return
    this.#counters.invalid++
    if (this.#invalid.count(ip, this.#now())) this.#counters.bans++
  }

  /** @throws RangeError for what is neither a rule nor a route. */
  check(route: string): void {
    this.#buckets.get(route)
  }

  /** Sets the limit of a rule or route, with nothing counted yet. */
  set(route: string, limit: Limit): void {
    checkLimit(route, limit)
    this.#buckets.set(route, limit)
  }

  /** Sets how many requests one credential may send on all routes together. */
  setGlobal(limit: GlobalLimit): void {
    checkLimit('global', limit)
    this.#global = limit
    this.#globalWindows = limit.algorithm === 'sliding' ? slidingWindows() : fixedWindows()
  }

  /** Sets how many invalid requests ban an address, and for how long. */
  setInvalid(limit: Partial<InvalidLimit>): void {
    const whole = { ...this.#invalid.limit, ...limit }
    checkLimit('invalid', whole)
    this.#invalid.limit = whole
  }

  /** Answers a route, or one resource of it, with `shared` 429s until `forMs` is over. */
  forceShared(route: string, forMs: number, major?: string): void {
    this.#shared.add(this.#buckets.get(route).name, major, forMs, this.#now())
  }

  /** Bans an address for a while, as Cloudflare does; 0 lifts the ban. */
  ban(ip: string, forMs: number): void {
    this.#invalid.ban(ip, forMs, this.#now())
  }

  /** Goes back to the limits of the start, with nothing counted or forced. */
  reset(): void {
    this.enabled = this.#options.enabled ?? true
    this.#buckets = new Buckets()
    this.#shared.clear()
    this.#invalid.reset()
    this.#counters = emptyCounters()
    this.setGlobal(this.#options.global ?? globalLimit)
    this.setInvalid({ ...invalidLimit, ...this.#options.invalid })
    for (const [route, limit] of Object.entries(this.#options.routes ?? {})) this.set(route, limit)
  }
}
