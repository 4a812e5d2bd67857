import type { Detector, Severity } from './finding.ts'

/** Less of the pool and its queue in use than this fills up from time to time by chance. */
const leastUsage = 0.1

/** From here on the trend says nothing more: what is as good as full goes a little up and down. */
const fullUsage = 0.9

/** When the pool and its queue will be full, if they go on filling as they do: the warning that comes before the failure. */
export const exhaustion: Detector = (window, { exhaustionMs, tickMs }) => {
  const usage = window.map(({ gauges }) => gauges.usage)
  const now = usage.at(-1) ?? 0
  if (now >= fullUsage) {
    const text =
      now >= 1
        ? 'the database pool and its queue are full'
        : `the database pool and its queue are ${Math.round(100 * now)} % full`
    return { kind: 'exhaustion', severity: 'critical', value: 0, text }
  }
  const perTick = slope(usage)
  if (now < leastUsage || perTick <= 0) return undefined
  const leftMs = ((1 - now) / perTick) * tickMs
  if (leftMs > exhaustionMs.warning) return undefined
  const severity: Severity = leftMs <= exhaustionMs.critical ? 'critical' : 'warning'
  const text = `pool and queue ${Math.round(100 * now)} % full, and all of them in ${(leftMs / 1_000).toFixed(1)} s at this pace`
  return { kind: 'exhaustion', severity, value: leftMs, text }
}

/** Gives the slope of the line that fits best (least squares), per step. */
export function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((total, value) => total + value, 0) / values.length
  let [over, under] = [0, 0]
  for (const [index, value] of values.entries()) {
    over += (index - middle) * (value - mean)
    under += (index - middle) ** 2
  }
  return under > 0 ? over / under : 0
}
