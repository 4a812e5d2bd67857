import type { Report } from '@evenkeel/storm-lab'
import { runStorms, type StormJob } from '@evenkeel/storm-lab/workers'
import type { Scenario } from '../scenario/scenario.ts'
import { sharedLoad, sharedScenario } from '../scenario/shared-scenario.ts'
import { Timeline } from '../scenario/timeline.ts'
import { type Spans, spansOf } from '../statistics/spans.ts'
import type { WorldName } from '../worlds/world.ts'
import { callFigures, type Figures } from './figures.ts'

/** How many seeds are simulated: one run is one day, and near the edge days differ. */
const seedCount = 8

/** A world's simulated runs: the replay's own seed, and those that follow it. */
export interface Simulation {
  readonly world: WorldName
  readonly runs: readonly Figures[]
}

/** Sends the same apps through the shared scenario in the storm lab, at a replay's size, and their sockets too. */
export async function simulate(
  scenario: Scenario,
  seed: number,
  worlds: readonly WorldName[],
): Promise<readonly Simulation[]> {
  const { clients, scale, phases } = scenario
  const peak = Math.max(...sharedLoad.shape.map(([, factor]) => factor))
  const callsPerSecond = (sharedLoad.callsPerSecond * peak) / (scale.rate * scale.time)
  const runs = worlds.flatMap((world) =>
    Array.from({ length: seedCount }, (_, run) => ({ world, seed: seed + run })),
  )
  const jobs = runs.map(
    ({ world, seed }): StormJob => ({
      scenario: sharedScenario.name as 'incident-replay',
      contenders: [new URL(`contenders/${world}.ts`, import.meta.url)],
      clients,
      callsPerClient: callsPerSecond / clients,
      seed,
    }),
  )
  const spans = spansOf(new Timeline(phases))
  const reports = await runStorms(jobs)
  const figures = runs.map(({ world }, run) => ({
    world,
    ...reportFigures(reports[run] as Report, spans),
  }))
  return worlds.map((world) => ({
    world,
    runs: figures.filter((each) => each.world === world),
  }))
}

function reportFigures({ contenders, windowMs }: Report, spans: Spans): Figures {
  const { series, metrics } = contenders[0] as Report['contenders'][number]
  const { callsPerSecond, attemptsPerSecond, successRatio } = series
  const calls = { calls: callsPerSecond, attempts: attemptsPerSecond, success: successRatio }
  return {
    ...callFigures(calls, windowMs, spans),
    socketsBackAfterMs: metrics.sockets?.backMs ?? null,
    dialsPerUser: metrics.sockets?.dialsPerDrop ?? null,
    peakDialsPerSecond: metrics.sockets?.peakDialsPerSecond ?? null,
  }
}
