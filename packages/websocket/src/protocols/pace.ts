import type { Pace } from './protocol.ts'

/** At most `limit` in any `windowMs`, exactly: the instants of the last ones are kept. */
export function slidingPace(limit: number, windowMs: number): Pace {
  const atMs: number[] = []
  let next = 0
  return {
    hasRoom: (nowMs) => nowMs - (atMs[next] ?? -Infinity) >= windowMs,
    take(nowMs) {
      atMs[next] = nowMs
      next = (next + 1) % limit
    },
  }
}
