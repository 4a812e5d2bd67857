import type { LearnedBuckets } from './learned-buckets.ts'
import type { Limit } from './limit.ts'

/** What is saved of a route whose limit holds something: instants in milliseconds since 1970. */
export interface SavedLane {
  readonly route: string
  readonly bucket?: string | undefined
  readonly limit?: number | undefined
  readonly left: number
  /** When the window is over. */
  readonly resetAtMs: number
  /** Until when the route alone is held. */
  readonly heldUntilMs: number
}

/** By its shape: an app that learns no buckets need not carry the class. */
const isLearned = (limit: Limit): limit is LearnedBuckets => 'lanes' in limit

/** The routes, or the one named, of which something is known that holds for longer than now. */
export function saveLanes(
  limits: readonly Limit[],
  nowMs: number,
  wallNowMs: number,
  only: string | undefined,
): SavedLane[] {
  const wallMs = (atMs: number): number => Math.max(atMs - nowMs, 0) + wallNowMs
  return limits.filter(isLearned).flatMap(({ lanes }) =>
    [...lanes].flatMap(([route, { bucket, heldUntilMs }]) => {
      const { name, limit, left, resetAtMs } = bucket
      const isHeld = heldUntilMs > nowMs
      const isLimited = resetAtMs > nowMs && left < Infinity
      return (only ?? route) !== route || !(isHeld || isLimited)
        ? []
        : {
            route,
            bucket: name,
            limit,
            left: isLimited ? left : 1,
            resetAtMs: wallMs(resetAtMs),
            heldUntilMs: wallMs(heldUntilMs),
          }
    }),
  )
}

/** Takes in what was saved of routes, as an answer of the server's would be. */
export function loadLanes(
  limits: readonly Limit[],
  saved: readonly unknown[],
  nowMs: number,
  leftOf: (atMs: number) => number,
): void {
  for (const limit of limits.filter(isLearned))
    for (const entry of saved) {
      const { route, bucket: name, limit: most, left, resetAtMs, heldUntilMs } = Object(entry)
      if (typeof route !== 'string') continue
      const lane = limit.lane(route, nowMs)
      if (typeof name === 'string' && lane.bucket.name !== name)
        lane.bucket = limit.rename(lane.bucket, name, route)
      const resetAfterMs = leftOf(resetAtMs)
      if (resetAfterMs > 0 && Number.isFinite(left))
        lane.bucket.answer(
          { limit: Number.isFinite(most) ? most : undefined, remaining: left, resetAfterMs },
          nowMs,
          0,
        )
      const heldMs = leftOf(heldUntilMs)
      if (heldMs > 0) lane.heldUntilMs = Math.max(lane.heldUntilMs, nowMs + heldMs)
    }
}
