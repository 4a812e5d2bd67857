import type { Phase } from './phase.ts'

/** All that decides a run, in the scenario's own time and at its own size, and what these are divided by. */
export interface Scenario {
  readonly name: 'full' | 'quick'
  readonly phases: readonly Phase[]
  /** What the incident's rates and times are divided by on this machine. */
  readonly scale: { readonly rate: number; readonly time: number }
  readonly clients: number
  readonly channels: number
  /** The share of calls that read; the others send a message. */
  readonly readRatio: number
  /** How long a user waits for anything. */
  readonly patienceMs: number
}

const seconds = 1_000

function phases(
  calm: number,
  ramp: number,
  spike: number,
  fall: number,
  after: number,
  tail: number,
): readonly Phase[] {
  return [
    { name: 'calm', durationMs: calm * seconds, fromLoad: 1, toLoad: 1 },
    { name: 'ramp', durationMs: ramp * seconds, fromLoad: 1, toLoad: 10 },
    { name: 'spike', durationMs: spike * seconds, fromLoad: 10, toLoad: 10 },
    { name: 'fall', durationMs: fall * seconds, fromLoad: 10, toLoad: 1 },
    { name: 'after', durationMs: after * seconds, fromLoad: 1, toLoad: 1 },
    { name: 'tail', durationMs: tail * seconds, fromLoad: 1, toLoad: 1 },
  ]
}

const full: Scenario = {
  name: 'full',
  phases: phases(30, 60, 120, 60, 240, 120),
  scale: { rate: 20, time: 7 },
  clients: 300,
  channels: 30,
  readRatio: 0.7,
  patienceMs: 120 * seconds,
}

/** The incident's shape in ten minutes, and the same in little for a look that proves nothing. */
export const scenarios: Readonly<Record<Scenario['name'], Scenario>> = {
  full,
  quick: { ...full, name: 'quick', phases: phases(7, 7, 21, 7, 21, 7) },
}
