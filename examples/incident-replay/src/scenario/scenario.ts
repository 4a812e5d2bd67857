import type { UserClass } from '@evenkeel/storm-lab'
import type { Phase } from './phase.ts'
import { sharedLoad, sharedPhases, sharedSockets } from './shared-scenario.ts'

/** All that decides a run, in the scenario's own time and at its own size, and what these are divided by. */
export interface Scenario {
  readonly name: 'full' | 'quick'
  readonly phases: readonly Phase[]
  /** What the incident's rates and times are divided by on this machine. */
  readonly scale: { readonly rate: number; readonly time: number }
  readonly clients: number
  /** Kinds of users, by how much they do. */
  readonly classes: readonly UserClass[]
  readonly channels: number
  /** The share of calls that read; the others send a message. */
  readonly readRatio: number
  /** How long a user waits for anything. */
  readonly patienceMs: number
  /** When the gateway drops every socket. */
  readonly herdAtMs: number
}

const full: Scenario = {
  name: 'full',
  phases: sharedPhases(),
  scale: { rate: 20, time: 7 },
  clients: 300,
  classes: sharedLoad.classes,
  channels: 30,
  readRatio: sharedLoad.readRatio,
  patienceMs: sharedLoad.patienceMs,
  herdAtMs: sharedSockets.drops[0]?.atMs ?? Number.POSITIVE_INFINITY,
}

/** How much shorter the look is that proves nothing. */
const quickRatio = 1 / 9

const quick: Scenario = {
  ...full,
  name: 'quick',
  phases: full.phases.map((phase) => ({ ...phase, durationMs: phase.durationMs * quickRatio })),
  herdAtMs: full.herdAtMs * quickRatio,
}

/** The shared scenario, and the same in little. */
export const scenarios: Readonly<Record<Scenario['name'], Scenario>> = { full, quick }
