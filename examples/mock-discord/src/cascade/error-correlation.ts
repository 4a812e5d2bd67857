import { type Service, services } from '../backend/service.ts'
import type { CascadeOptions } from './cascade-options.ts'
import { type Detector, finding, share } from './finding.ts'
import { sum, type Tick } from './tick.ts'

/** Services whose requests fail, each by itself. */
export const errors: Detector = (window, options) => {
  const failing = failingServices(window, options)
  const worst = Math.max(0, ...failing.map(({ ratio }) => ratio))
  const names = failing.map(({ service, ratio }) => `${service} ${share(ratio)}`).join(', ')
  return finding('errors', worst, options.errorRatio, `requests fail: ${names}`)
}

/** Services that fail together: what they share is what is broken. */
export const cascade: Detector = (window, options) => {
  const failing = failingServices(window, options)
  const together = new Set<Service>()
  let strongest = 0
  for (const [index, a] of failing.entries()) {
    for (const b of failing.slice(index + 1)) {
      const r = isSteady(a.ratio, b.ratio, options) ? 1 : correlation(a.series, b.series)
      if (r < options.correlation) continue
      together.add(a.service).add(b.service)
      strongest = Math.max(strongest, r)
    }
  }
  if (together.size < 2) return undefined
  const names = [...together].join(', ')
  const text = `${names} fail together (r = ${strongest.toFixed(2)}): look at what they share`
  return { kind: 'cascade', severity: 'critical', value: strongest, text }
}

interface Failing {
  readonly service: Service
  readonly ratio: number
  /** The failed share of each tick. */
  readonly series: readonly number[]
}

function failingServices(window: readonly Tick[], options: CascadeOptions): Failing[] {
  return services.flatMap((service) => {
    const requests = sum(window, (tick) => tick.services[service].requests)
    if (requests < options.minRequests) return []
    const ratio = sum(window, (tick) => tick.services[service].failures) / requests
    if (ratio < options.errorRatio.warning) return []
    const series = window.map((tick) => {
      const counts = tick.services[service]
      return counts.requests === 0 ? 0 : counts.failures / counts.requests
    })
    return [{ service, ratio, series }]
  })
}

/** Two services that are down for good have no ups and downs to compare. */
function isSteady(a: number, b: number, { errorRatio }: CascadeOptions): boolean {
  return Math.min(a, b) >= Math.max(0.9, errorRatio.critical)
}

/** Gives Pearson's r; 0 when one of the two does not move. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) =>
    values.reduce((total, value) => total + value, 0) / values.length
  const [meanA, meanB] = [mean(a), mean(b)]
  let [ab, aa, bb] = [0, 0, 0]
  for (const [index, value] of a.entries()) {
    const [da, db] = [value - meanA, (b[index] as number) - meanB]
    ab += da * db
    aa += da * da
    bb += db * db
  }
  return aa > 0 && bb > 0 ? Math.min(1, ab / Math.sqrt(aa * bb)) : 0
}
