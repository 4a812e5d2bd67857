import { checkNumber, type Random } from '@evenkeel/core'
import { Bucket } from './bucket.ts'
import { spread } from './cooldown.ts'
import type { RateLimitEvent } from './events.ts'
import type {
  BucketState,
  Limit,
  LimitedCall,
  LimitFactory,
  Outcome,
  ResponseLimits,
} from './limit.ts'

/** What {@link learnedBuckets} can be told. */
export interface LearnedBucketsOptions {
  /**
   * The major parameter of a route: a bucket of the server's is one bucket for each.
   * @defaultValue what follows the first `#`: `POST /channels/:id/messages#41771983423143937`
   */
  readonly major?: ((route: string) => string) | undefined
  /**
   * What is added to a reset, up to twice that by chance: the call that opens a window must not be there before it, nor
   * all who share it at once.
   * @defaultValue 100: 50 ms proved too little for discord.js, discord-api-proxy adds 200
   */
  readonly slackMs?: number | undefined
  /** How many routes of a key to hold. @defaultValue 1000 */
  readonly maxRoutes?: number | undefined
}

/** What is known of one route. */
export interface Lane {
  bucket: Bucket
  /** Until when it alone is held: by a limit below its bucket's, or everybody's. */
  heldUntilMs: number
}

/**
 * Learns the buckets of the server from its answers, and lets as many calls of each be under way as it
 * has left, so that the 429 never comes.
 *
 * One call of an unknown bucket goes ahead; what its answer says holds for the rest. Routes whose
 * answers name one bucket (`X-RateLimit-Bucket`), for one major parameter, share it from then on; calls that wait move with their route.
 * A refusal holds just what refused: the bucket; the route, if others share it or a limit below the
 * bucket's was hit; the key, if it was global or nothing tells.
 */
export function learnedBuckets({
  major = (route) => route.slice(`${route}#`.indexOf('#') + 1),
  slackMs = 100,
  maxRoutes = 1000,
}: LearnedBucketsOptions = {}): LimitFactory {
  checkNumber('learnedBuckets', 'slackMs', slackMs, 0)
  checkNumber('learnedBuckets', 'maxRoutes', maxRoutes, 1)
  return (key, random, emit) => new LearnedBuckets(key, random, emit, major, slackMs, maxRoutes)
}

/** The buckets of one key; see {@link learnedBuckets}. */
export class LearnedBuckets implements Limit {
  readonly code = 'COOLDOWN_TOO_LONG'
  readonly lanes: Map<string, Lane> = new Map()
  readonly #named = new Map<string, Bucket>()
  readonly #underWay = new Map<LimitedCall, Bucket>()
  readonly #key: string
  readonly #random: Random
  readonly #emit: (event: RateLimitEvent) => void
  readonly #major: (route: string) => string
  readonly #slackMs: number
  readonly #maxRoutes: number

  constructor(
    key: string,
    random: Random,
    emit: (event: RateLimitEvent) => void,
    major: (route: string) => string,
    slackMs: number,
    maxRoutes: number,
  ) {
    this.#key = key
    this.#random = random
    this.#emit = emit
    this.#major = major
    this.#slackMs = slackMs
    this.#maxRoutes = maxRoutes
  }

  startAtMs({ route }: LimitedCall, nowMs: number): number {
    const lane = this.lanes.get(route)
    return lane ? Math.max(lane.heldUntilMs, lane.bucket.startAtMs(nowMs)) : -Infinity
  }

  started(call: LimitedCall, nowMs: number): void {
    const { bucket } = this.lane(call.route, nowMs)
    const { isUnknown } = bucket
    bucket.start()
    if (isUnknown) {
      const suffix = `#${this.#major(call.route)}`
      for (const [id, named] of this.#named) if (id.endsWith(suffix)) named.reserve(bucket)
    }
    this.#underWay.set(call, bucket)
  }

  ended(call: LimitedCall, outcome: Outcome): void {
    this.#underWay.get(call)?.end(outcome)
    this.#underWay.delete(call)
  }

  learn(route: string, response: ResponseLimits, nowMs: number): boolean {
    const { bucket: name, remaining, refused, scope } = response
    if (refused && (response.global || scope === 'global')) return false
    const waitMs = response.retryAfterMs ?? response.resetAfterMs
    const lane = this.lane(route, nowMs)
    const isNews = name !== undefined && lane.bucket.name !== name
    if (isNews) lane.bucket = this.rename(lane.bucket, name, route)
    const { bucket } = lane
    const isShared = refused && scope === 'shared'
    // Of everybody's limit the reset is that of the caller's own bucket, or nonsense.
    if (!isShared) bucket.answer(response, nowMs, this.#slackMs * (1 + this.#random()))
    if (isNews) {
      this.#reserve(bucket, route)
      const { limit } = bucket
      this.#emit({ type: 'bucketLearned', key: this.#key, route, bucket: name, limit })
    }
    if (!refused || !waitMs) return false
    const chance = this.#random()
    if (isShared || (remaining && name))
      lane.heldUntilMs = Math.max(lane.heldUntilMs, nowMs + spread(waitMs, chance))
    else if (!remaining && (name || remaining === 0)) bucket.refuse(waitMs, nowMs, chance)
    else return false
    return true
  }

  isNeeded(nowMs: number): boolean {
    return [...this.lanes.values()].some((lane) => !isIdle(lane, nowMs))
  }

  buckets(nowMs: number): readonly BucketState[] {
    const states = new Map<Bucket, BucketState>()
    for (const [route, { bucket }] of this.lanes) {
      const isFree = bucket.startAtMs(nowMs) <= nowMs
      const { name = route, limit, left, inFlight, resetAtMs } = bucket
      const remaining = isFree ? Math.max(1, left) : 0
      const resetAfterMs = Math.max(0, resetAtMs - nowMs)
      states.set(bucket, { bucket: name, limit, remaining, inFlight, resetAfterMs })
    }
    return [...states.values()]
  }

  /** What is known of a route, so far perhaps nothing. */
  lane(route: string, nowMs: number): Lane {
    let lane = this.lanes.get(route)
    if (!lane) {
      if (this.lanes.size >= this.#maxRoutes) this.#sweep(nowMs)
      lane = { bucket: new Bucket(), heldUntilMs: -Infinity }
      this.lanes.set(route, lane)
    }
    return lane
  }

  /** The bucket of that name; calls of one that had none move there. */
  rename(bucket: Bucket, name: string, route: string): Bucket {
    const id = `${name}#${this.#major(route)}`
    const isAnonymous = bucket.name === undefined
    const target = this.#named.get(id) ?? (isAnonymous ? bucket : new Bucket())
    target.name = name
    this.#named.set(id, target)
    if (isAnonymous && target !== bucket) {
      target.absorb(bucket)
      for (const [call, each] of this.#underWay)
        if (each === bucket) this.#underWay.set(call, target)
    }
    return target
  }

  /** Calls of routes that name no bucket yet may be of this one. */
  #reserve(bucket: Bucket, route: string): void {
    const major = this.#major(route)
    for (const [other, lane] of this.lanes)
      if (lane.bucket.isUnknown && this.#major(other) === major) bucket.reserve(lane.bucket)
  }

  /** Makes room: forgets what says nothing any more, and if that is not enough the oldest. */
  #sweep(nowMs: number): void {
    const room = (this.#maxRoutes * 3) / 4
    for (const [route, lane] of this.lanes) if (isIdle(lane, nowMs)) this.lanes.delete(route)
    for (const route of this.lanes.keys()) {
      if (this.lanes.size <= room) break
      this.lanes.delete(route)
    }
    const held = new Set([...this.lanes.values()].map(({ bucket }) => bucket))
    for (const [id, bucket] of this.#named) if (!held.has(bucket)) this.#named.delete(id)
  }
}

function isIdle({ bucket, heldUntilMs }: Lane, nowMs: number): boolean {
  return heldUntilMs <= nowMs && bucket.isIdle(nowMs)
}
