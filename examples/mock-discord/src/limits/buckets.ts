import { createHash } from 'node:crypto'
import type { BucketState } from './rate-limit-reply.ts'
import { defaultRules, type Limit, type LimitRule, otherRoutes } from './rules.ts'
import { fixedWindows, type Windows } from './windows.ts'

/** A rule with its counts. */
export interface Bucket extends LimitRule {
  readonly hash: string
  readonly windows: Windows
}

const bucketOf = (rule: LimitRule): Bucket => ({
  ...rule,
  hash: createHash('md5').update(rule.name).digest('hex'),
  windows: fixedWindows(),
})

/** Every rule by name and by route; a route without a rule gets a bucket of its own. */
export class Buckets {
  readonly #byName = new Map<string, Bucket>()
  readonly #byRoute = new Map<string, string>()

  constructor() {
    for (const rule of defaultRules) {
      this.#byName.set(rule.name, bucketOf(rule))
      for (const route of rule.routes) this.#byRoute.set(route, rule.name)
    }
  }

  /** Finds the bucket of a rule's name or a route. */
  get(ruleOrRoute: string): Bucket {
    const name = this.#byRoute.get(ruleOrRoute) ?? ruleOrRoute
    const known = this.#byName.get(name)
    if (known) return known
    if (!/^(DELETE|GET|PATCH|POST|PUT) \//.test(name)) {
      throw new RangeError(`limits: there is no rule or route ${ruleOrRoute}`)
    }
    const bucket = bucketOf({ name, routes: [name], ...otherRoutes })
    this.#byName.set(name, bucket)
    return bucket
  }

  /** Sets a limit, with nothing counted yet. */
  set(ruleOrRoute: string, { limit, windowMs }: Limit): void {
    const bucket = this.get(ruleOrRoute)
    this.#byName.set(bucket.name, { ...bucket, limit, windowMs, windows: fixedWindows() })
  }
}

/** Counts a request in a bucket: per major parameter, and per credential unless shared. */
export function takeFrom(
  bucket: Bucket,
  credential: string,
  major: string,
  now: number,
): BucketState {
  const key = bucket.scope === 'shared' ? major : `${major}\n${credential}`
  const { ok, remaining, resetAt } = bucket.windows.take(key, bucket.limit, bucket.windowMs, now)
  return { ok, remaining, resetAt, hash: bucket.hash, limit: bucket.limit }
}
