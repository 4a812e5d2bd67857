import type { CallRecord } from '../src/fleet/call-record.ts'
import { emptyTally } from '../src/fleet/tally.ts'
import type { FleetSample, ServerSample } from '../src/run/messages.ts'
import type { WorldResult } from '../src/run/replay.ts'
import { evenkeel } from '../src/worlds/evenkeel.ts'

const health = { cpuRatio: 0.1, lagMs: 1 }

export const serverSample = (atMs: number, rest: Partial<ServerSample> = {}): ServerSample => ({
  atMs,
  inUse: 0,
  queued: 0,
  requests: 0,
  retries: 0,
  usefulMs: 0,
  wastedMs: 0,
  health,
  ...rest,
})

export const fleetSample = (
  atMs: number,
  tally: Partial<FleetSample['tally']> = {},
  rest: Partial<FleetSample> = {},
): FleetSample => ({
  atMs,
  tally: { ...emptyTally(), ...tally },
  waiting: 0,
  connected: 300,
  dials: 0,
  health,
  ...rest,
})

/** What a world's processes might have told. */
export const worldResult = (rest: Partial<WorldResult> = {}): WorldResult => ({
  world: evenkeel,
  records: [],
  sentAtMs: [],
  sockets: { dialsAtMs: [], connectedFrom: [] },
  serverSamples: [],
  fleetSamples: [],
  ...rest,
})

/** A call that succeeded at once every `everyMs`, from `startMs` on. */
export const calls = (startMs: number, endMs: number, everyMs: number): CallRecord[] =>
  Array.from({ length: Math.floor((endMs - startMs) / everyMs) }, (_, index) => ({
    atMs: startMs + index * everyMs,
    durationMs: 200,
    attempts: 1,
    ok: true,
  }))
