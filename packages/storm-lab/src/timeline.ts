import type { Backend } from './backend/backend.ts'
import type { Connectivity } from './fleet/connectivity.ts'
import type { Fleet } from './fleet/fleet.ts'
import { LoadCurve } from './fleet/load-curve.ts'
import { rankOf, ranks } from './fleet/rank.ts'
import type { Kernel } from './kernel/kernel.ts'
import type { Recorder } from './metrics/recorder.ts'
import { windowMs } from './metrics/windows.ts'
import type { RandomStream } from './random/random-stream.ts'
import type { ResolvedScenario } from './scenario/resolve-scenario.ts'
import type { Change } from './scenario/scenario.ts'

/** What a timeline acts on. */
export interface Stage {
  readonly kernel: Kernel
  readonly fleet: Fleet
  readonly recorder: Recorder
  readonly connectivity: Connectivity
  /** When calls come. */
  readonly stream: RandomStream
  drawClient(): number
  call(client: number): void
}

/** Enters all that comes by itself: calls, pulses of calls, changes, and a look at the backends now and then. */
export function startTimeline(scenario: ResolvedScenario, stage: Stage): void {
  startCalls(scenario, stage)
  startPulses(scenario, stage)
  startChanges(scenario, stage)
  startSamples(scenario, stage)
}

function startCalls(
  { load, scale, durationMs }: ResolvedScenario,
  { kernel, stream, drawClient, call }: Stage,
): void {
  const perMs = (load.callsPerSecond * scale) / 1000
  const shape = load.shape.length ? load.shape : ([[0, 1]] as const)
  const curve = new LoadCurve(shape.map(([atMs, factor]) => [atMs, factor * perMs] as const))
  const arrive = kernel.on(() => {
    call(drawClient())
    next()
  })
  const next = (): void => {
    const atMs = curve.next(kernel.nowMs, stream.exponential())
    if (atMs < durationMs) kernel.at(atMs, arrive, 0)
  }
  next()
}

function startPulses(
  { pulses = [], clients }: ResolvedScenario,
  { kernel, stream, call }: Stage,
): void {
  const arrive = kernel.on(call)
  const begin = kernel.on((which) => {
    const { ratio, overMs } = pulses[which] as (typeof pulses)[number]
    for (let client = 0; client < clients; client++)
      if (rankOf(client, ranks.pulse + 16 * which) < ratio)
        kernel.at(kernel.nowMs + stream.next() * overMs, arrive, client)
  })
  for (const [which, { atMs }] of pulses.entries()) kernel.at(atMs, begin, which)
}

function startChanges(
  { changes = [], regions = [] }: ResolvedScenario,
  { kernel, fleet, connectivity }: Stage,
): void {
  const indexOf = (name: string | undefined): number =>
    regions.findIndex((region) => region.name === name)
  const change = kernel.on((which) => {
    const { region, failover, ...change } = changes[which] as Change
    const only = indexOf(region)
    for (const [index, backend] of fleet.backends.entries())
      if (region === undefined || index === only) backend.configure(change)
    if (failover) connectivity.failOver(only, indexOf(failover.to), kernel.nowMs, failover.overMs)
  })
  for (const [which, { atMs }] of changes.entries()) kernel.at(atMs, change, which)
}

function startSamples(
  { durationMs }: ResolvedScenario,
  { kernel, fleet: { backends }, recorder }: Stage,
): void {
  const sum = (of: (backend: Backend) => number): number =>
    backends.reduce((total, backend) => total + of(backend), 0)
  const sample = kernel.on(() => {
    recorder.sample(
      sum(({ queued }) => queued),
      sum(({ service }) => service.busy),
      sum((backend) => backend.hintAt(kernel.nowMs)?.level ?? 3) / backends.length,
    )
    if (kernel.nowMs < durationMs) kernel.at(kernel.nowMs + windowMs, sample, 0)
  })
  kernel.at(windowMs, sample, 0)
}
