import type { WorldResult } from '../run/replay.ts'
import { isWithin } from './call-stats.ts'

/** What a world did over time, one value per step; `null` where there was nothing to measure. */
export interface WorldSeries {
  /** Calls begun, and attempts sent, a second of the scenario. */
  readonly calls: readonly (number | null)[]
  readonly attempts: readonly (number | null)[]
  /** The share of the calls begun then that succeeded in the end. */
  readonly success: readonly (number | null)[]
  readonly queued: readonly (number | null)[]
  /** The share of the database's time then that nobody waited for. */
  readonly wasted: readonly (number | null)[]
  /** Sockets connected at the end of a step, and dials a second. */
  readonly connected: readonly (number | null)[]
  readonly dials: readonly (number | null)[]
}

/** Gives a world's figures per step of the scenario, up to `endMs`. */
export function worldSeries(
  { records, sentAtMs, sockets, serverSamples, fleetSamples }: WorldResult,
  stepMs: number,
  endMs: number,
): WorldSeries {
  const steps = Math.ceil(endMs / stepMs)
  const perSecond = (counts: readonly number[]) => counts.map((n) => (n * 1_000) / stepMs)
  const begun = countsOf(
    records.map(({ atMs }) => atMs),
    stepMs,
    steps,
  )
  const good = countsOf(
    records.filter(({ ok }) => ok).map(({ atMs }) => atMs),
    stepMs,
    steps,
  )
  const queued: (number | null)[] = []
  const wasted: (number | null)[] = []
  const connected: (number | null)[] = []
  for (let step = 0; step < steps; step++) {
    const span = { startMs: step * stepMs, endMs: (step + 1) * stepMs }
    const samples = serverSamples.filter(({ atMs }) => isWithin(span, atMs))
    const fleet = fleetSamples.findLast(({ atMs }) => isWithin(span, atMs))
    connected.push(fleet?.connected ?? null)
    const first = samples[0]
    const last = serverSamples.find(({ atMs }) => atMs >= span.endMs) ?? samples.at(-1)
    queued.push(samples.length > 0 ? Math.max(...samples.map((sample) => sample.queued)) : null)
    const wastedMs = (last?.wastedMs ?? 0) - (first?.wastedMs ?? 0)
    const totalMs = wastedMs + (last?.usefulMs ?? 0) - (first?.usefulMs ?? 0)
    wasted.push(first && totalMs > 0 ? wastedMs / totalMs : null)
  }
  return {
    calls: perSecond(begun),
    attempts: perSecond(countsOf(sentAtMs, stepMs, steps)),
    success: begun.map((n, step) => (n > 0 ? (good[step] as number) / n : null)),
    queued,
    wasted,
    connected,
    dials: perSecond(countsOf(sockets.dialsAtMs, stepMs, steps)),
  }
}

function countsOf(instants: readonly number[], stepMs: number, steps: number): number[] {
  const counts = new Array<number>(steps).fill(0)
  for (const atMs of instants) {
    const step = Math.floor(atMs / stepMs)
    if (step >= 0 && step < steps) counts[step] = (counts[step] as number) + 1
  }
  return counts
}
