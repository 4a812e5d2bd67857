import { machine } from '../run/machine.ts'
import type { WorldResult } from '../run/replay.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { serverPreset } from '../scenario/server-preset.ts'
import { shapeOf } from '../scenario/shape.ts'
import { Timeline } from '../scenario/timeline.ts'
import { agreement } from '../simulation/agreement.ts'
import { callFigures, type Figures } from '../simulation/figures.ts'
import type { Simulation } from '../simulation/simulate.ts'
import { machineLoad } from '../statistics/machine-load.ts'
import { checkPromise } from '../statistics/promise.ts'
import { worldSeries } from '../statistics/series.ts'
import { spansOf } from '../statistics/spans.ts'
import { worldSummary } from '../statistics/world-summary.ts'
import type { WorldName } from '../worlds/world.ts'
import { agreementSentence } from './agreement-text.ts'
import { outcome } from './outcome.ts'
import type { Report } from './report.ts'
import { takeHome } from './take-home.ts'

const stepMs = 10_000

export interface RunFacts {
  readonly scenario: Scenario
  readonly seed: number
  /** Of the same, by the storm lab; none for a short run. */
  readonly simulations: readonly Simulation[]
  readonly command: string
  readonly date: Date
  readonly wallMs: number
}

/** Works out everything there is to say of a run. */
export function createReport(results: readonly WorldResult[], facts: RunFacts): Report {
  const { scenario, seed, simulations, command, date, wallMs } = facts
  const timeline = new Timeline(scenario.phases)
  const recovery = timeline.phase('recovery')
  const worlds = results.map((result) => ({
    name: result.world.name,
    title: result.world.title,
    description: result.world.description,
    summary: worldSummary(result, timeline, scenario),
    series: worldSeries(result, stepMs, recovery.endMs),
  }))
  const summaries = worlds.map(({ summary }) => summary)
  const ours = summaries.find(({ name }) => name === 'evenkeel')
  return {
    date: date.toISOString(),
    seed,
    command,
    machine: machine(),
    scenario,
    shape: shapeOf(scenario.scale),
    phases: timeline.phases.filter(({ name }) => name !== 'tail'),
    stepMs,
    worlds,
    takeHome: takeHome(summaries, recovery.durationMs),
    outcomes: summaries.map((summary) => outcome(summary, recovery.durationMs)),
    promise: ours && scenario.name === 'full' ? checkPromise(ours) : [],
    agreement: agreementWith(simulations, worlds, timeline),
    load: machineLoad(results, serverPreset.clientTimeoutMs / scenario.scale.time),
    wallMs,
  }
}

function agreementWith(
  simulations: readonly Simulation[],
  worlds: Report['worlds'],
  timeline: Timeline,
): Report['agreement'] {
  if (simulations.length === 0) return undefined
  const spans = spansOf(timeline)
  const real = worlds.map(({ name, series, summary: { sockets } }): [WorldName, Figures] => [
    name,
    {
      ...callFigures(series, stepMs, spans),
      socketsBackAfterMs: sockets.backAfterMs ?? null,
      dialsPerUser: sockets.dialsPerUser,
      peakDialsPerSecond: sockets.peakDialsPerSecond,
    },
  ])
  const compared = agreement(simulations, new Map(real))
  const titles = new Map(worlds.map(({ name, title }) => [name, title]))
  return {
    ...compared,
    sentence: agreementSentence(compared, (world) => titles.get(world) ?? world),
  }
}
