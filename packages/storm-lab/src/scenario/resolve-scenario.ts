import type { Load, Network, Scenario } from './scenario.ts'

type Complete<T> = { readonly [Name in keyof T]-?: NonNullable<T[Name]> }

/** A scenario with nothing left out, at the size of one run. */
export interface ResolvedScenario extends Scenario {
  readonly peak: readonly [fromMs: number, toMs: number]
  readonly load: Complete<Load>
  readonly network: Complete<Network>
  readonly clients: number
  /** The part of the backend's full size that so many clients make busy. */
  readonly scale: number
}

/** What of a scenario a run may set. */
export interface RunSize {
  readonly clients?: number | undefined
  readonly callsPerClient?: number | undefined
}

/** Fills in the defaults; the backend is as large as so many clients need it to be. */
export function resolveScenario(scenario: Scenario, size: RunSize = {}): ResolvedScenario {
  const { load, network = {}, trigger, peak = trigger } = scenario
  const {
    shape = [],
    callsPerClient = 0.02,
    priorities = { critical: 0.3, important: 0.5, deferred: 0.2 },
    classes = [
      { name: 'light', ratio: 0.4, activity: 0.125 },
      { name: 'medium', ratio: 0.5, activity: 0.9 },
      { name: 'heavy', ratio: 0.1, activity: 5 },
    ],
    readRatio = 0.8,
    idempotentRatio = 1,
    patienceMs = 120_000,
  } = load
  const { roundTripMs = 0, lossRatio = 0 } = network
  const clients = size.clients ?? scenario.clients ?? 21_400
  const perClient = size.callsPerClient ?? callsPerClient
  const busiest = shape.length ? Math.max(...shape.map(([, factor]) => factor)) : 1
  return {
    ...scenario,
    peak,
    clients,
    scale: (clients * perClient) / (load.callsPerSecond * busiest),
    network: { roundTripMs, lossRatio },
    load: {
      ...load,
      shape,
      callsPerClient: perClient,
      priorities,
      classes,
      readRatio,
      idempotentRatio,
      patienceMs,
    },
  }
}
