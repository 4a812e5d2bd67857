/** How long the calls of late took: counts in steps of a quarter octave, from 1 ms to 17 minutes. */
export interface Latencies {
  readonly counts: number[]
  total: number
}

const perOctave = 4
const steps = 20 * perOctave
/** At this many the counts are halved, so that the old weigh ever less. */
const mostCounted = 1000

/** No calls yet. */
export function latencies(): Latencies {
  return { counts: Array(steps).fill(0), total: 0 }
}

/** Counts a call that took `elapsedMs`. */
export function observeLatency(seen: Latencies, elapsedMs: number): void {
  const step = Math.floor(Math.log2(Math.max(1, elapsedMs)) * perOctave)
  ;(seen.counts[Math.min(step, steps - 1)] as number)++
  if (++seen.total < mostCounted) return
  seen.total = 0
  for (const [index, count] of seen.counts.entries())
    seen.total += seen.counts[index] = Math.floor(count / 2)
}

/**
 * A time that at most a share of `1 − quantile` of the calls exceed, less than a fifth too long;
 * `undefined` before there are enough calls to say.
 */
export function latencyQuantileMs(
  { counts, total }: Latencies,
  quantile: number,
): number | undefined {
  const allowed = total * (1 - quantile)
  if (allowed < 1) return undefined
  let step = steps
  for (let above = 0; above <= allowed; ) above += counts[--step] as number
  return 2 ** ((step + 1) / perOctave)
}
