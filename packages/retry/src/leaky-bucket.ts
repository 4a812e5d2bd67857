/** A balance whose entries expire: a running slice, and the nine before it. */
export interface LeakyBucket {
  running: number
  readonly past: number[]
  /** Where the running slice will go. */
  at: number
  sinceMs: number
}

const slices = 10

/** An empty bucket. */
export function leakyBucket(nowMs: number): LeakyBucket {
  return { running: 0, past: Array(slices - 1).fill(0), at: 0, sinceMs: nowMs }
}

/**
 * What has been added within about `ttlMs`, with `amount` added now.
 *
 * Slices end when the bucket is next used, not on a grid, as in Twitter's `WindowedAdder`.
 */
export function addToBucket(
  bucket: LeakyBucket,
  amount: number,
  ttlMs: number,
  nowMs: number,
): number {
  const sliceMs = Math.floor(ttlMs / slices)
  const { past } = bucket
  const elapsed = Math.floor((nowMs - bucket.sinceMs) / sliceMs)
  if (elapsed > 0) {
    past[bucket.at] = bucket.running
    bucket.running = 0
    bucket.at = (bucket.at + 1) % past.length
    for (let skipped = Math.min(elapsed - 1, past.length); skipped > 0; skipped--) {
      past[bucket.at] = 0
      bucket.at = (bucket.at + 1) % past.length
    }
    bucket.sinceMs = nowMs
  }
  bucket.running += amount
  return past.reduce((sum, each) => sum + each, bucket.running)
}
