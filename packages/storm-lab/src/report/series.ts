import { Histogram } from '../metrics/histogram.ts'
import { type Windows, windowMs } from '../metrics/windows.ts'
import type { Series } from './report.ts'
import { ratioOf, rounded } from './round.ts'

/** How many numbers a series has at most. */
const most = 720

/** How much time each number of a series stands for. */
export function seriesWindowMs(durationMs: number): number {
  return Math.ceil(durationMs / windowMs / most) * windowMs
}

/** The numbers to draw. */
export function seriesOf(windows: Windows, everyMs: number): Series {
  const step = everyMs / windowMs
  const points = Array.from({ length: Math.ceil(windows.count / step) }, (_, point) => point * step)
  const sumAt = (column: Float64Array, from: number): number =>
    column.subarray(from, from + step).reduce((sum, each) => sum + each, 0)
  const perSecond = (column: Float64Array): number[] =>
    points.map((from) => rounded(sumAt(column, from) / (everyMs / 1000)))
  const lastOf = (column: Float64Array): number[] =>
    points.map((from) => rounded(column[Math.min(windows.count, from + step) - 1] as number))
  const latency = points.map((from) => {
    const sum = new Histogram()
    for (const each of windows.latency.slice(from, from + step)) sum.addAll(each)
    return sum
  })
  return {
    callsPerSecond: perSecond(windows.calls),
    attemptsPerSecond: perSecond(windows.attempts),
    servedPerSecond: perSecond(windows.served),
    rejectedPerSecond: perSecond(windows.rejected),
    unsentPerSecond: perSecond(windows.unsent),
    successRatio: points.map((from) =>
      ratioOf(sumAt(windows.succeeded, from), sumAt(windows.calls, from)),
    ),
    p50Ms: latency.map((each) => each.quantileMs(0.5)),
    p99Ms: latency.map((each) => each.quantileMs(0.99)),
    wastedRatio: points.map((from) => {
      const wasted = sumAt(windows.wastedMs, from)
      return ratioOf(wasted, wasted + sumAt(windows.usefulMs, from))
    }),
    queued: lastOf(windows.queued),
    busy: lastOf(windows.busy),
    level: lastOf(windows.level),
  }
}
