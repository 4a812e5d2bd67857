/** The stretches of the timeline; the load of `tail` is still made, but its calls are not counted. */
export type PhaseName = 'calm' | 'ramp' | 'peak' | 'fall' | 'recovery' | 'tail'

/** A stretch of time in which the load goes from one multiple of a normal day's to another. */
export interface Phase {
  readonly name: PhaseName
  readonly durationMs: number
  readonly fromLoad: number
  readonly toLoad: number
}
