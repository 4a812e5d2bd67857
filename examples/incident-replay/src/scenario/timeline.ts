import type { Phase, PhaseName } from './phase.ts'

/** A phase at its place. */
export interface PlacedPhase extends Phase {
  readonly startMs: number
  readonly endMs: number
}

/** The phases one after another, from 0. */
export class Timeline {
  readonly phases: readonly PlacedPhase[]
  readonly endMs: number
  /** The highest multiple of a normal day's load. */
  readonly peakLoad: number

  constructor(phases: readonly Phase[]) {
    let endMs = 0
    this.phases = phases.map((phase) => {
      const startMs = endMs
      endMs += phase.durationMs
      return { ...phase, startMs, endMs }
    })
    this.endMs = endMs
    this.peakLoad = Math.max(...phases.flatMap(({ fromLoad, toLoad }) => [fromLoad, toLoad]))
  }

  /** Gives the phase at an instant; the last one ever after. */
  at(ms: number): PlacedPhase {
    return (this.phases.find(({ endMs }) => ms < endMs) ?? this.phases.at(-1)) as PlacedPhase
  }

  phase(name: PhaseName): PlacedPhase {
    const found = this.phases.find((phase) => phase.name === name)
    if (!found) throw new RangeError(`timeline: no phase ${name}`)
    return found
  }

  /** Gives the load at an instant as a multiple of a normal day's; 0 after the end. */
  loadAt(ms: number): number {
    if (ms < 0 || ms >= this.endMs) return 0
    const { startMs, durationMs, fromLoad, toLoad } = this.at(ms)
    return fromLoad + ((toLoad - fromLoad) * (ms - startMs)) / durationMs
  }
}
