import type { Outcome } from '../live/recording.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { Shape } from '../scenario/shape.ts'
import type { PlacedPhase } from '../scenario/timeline.ts'
import type { Agreement } from '../simulation/agreement.ts'
import type { MachineLoad } from '../statistics/machine-load.ts'
import type { PromiseCheck } from '../statistics/promise.ts'
import type { WorldSeries } from '../statistics/series.ts'
import type { WorldSummary } from '../statistics/world-summary.ts'
import type { WorldName } from '../worlds/world.ts'

/** One world in a report. */
interface ReportedWorld {
  readonly name: WorldName
  readonly title: string
  readonly description: string
  readonly summary: WorldSummary
  readonly series: WorldSeries
}

/** All that a run came to: what `--json` writes, and what the page shows. Times in ms of the scenario. */
export interface Report {
  readonly date: string
  readonly seed: number
  readonly command: string
  readonly machine: string
  readonly scenario: Scenario
  readonly shape: Shape
  readonly phases: readonly PlacedPhase[]
  /** One value of a series stands for this time. */
  readonly stepMs: number
  readonly worlds: readonly ReportedWorld[]
  readonly takeHome: string
  /** What became of each world. */
  readonly outcomes: readonly Outcome[]
  /** Empty when the run was too short to judge, or without evenkeel. */
  readonly promise: readonly PromiseCheck[]
  /** How far the storm lab's simulation of the same agrees, and that in a sentence; missing for a short run. */
  readonly agreement: (Agreement & { readonly sentence: string }) | undefined
  readonly load: MachineLoad
  readonly wallMs: number
}
