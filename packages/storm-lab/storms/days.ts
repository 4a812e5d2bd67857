import { type HintOptions, minutes, prioBackend, type Scenario, scenarios } from '../src/index.ts'

const { cascade } = scenarios

function hinted(hint: HintOptions): Scenario {
  return { ...cascade, backend: { ...cascade.backend, hint } }
}

const named: Readonly<Record<string, Scenario>> = {
  ...scenarios,
  'prio-cascade': { ...cascade, backend: prioBackend },
  'reload-cascade': { ...cascade, reloads: { ratio: 0.5 } },
  limited: {
    ...cascade,
    name: 'limited',
    about: 'Three times what a limiter lets through in each minute of the clock.',
    durationMs: minutes(30),
    backend: {
      ...cascade.backend,
      gateway: { limiter: { kind: 'fixed-window', perSecond: 1286 } },
    },
  },
  // Two and a half times what a client calls.
  'client-limited': {
    ...cascade,
    backend: {
      ...cascade.backend,
      gateway: { ...cascade.backend.gateway, clientLimit: { perSecond: 0.05, burst: 2 } },
    },
  },
  'hint-10s': hinted({ everyMs: 10_000 }),
  'hint-stale-10s': hinted({ staleMs: 10_000 }),
  'hint-stale-10s-told': hinted({ staleMs: 10_000, lagMs: 10_000, isSaid: false }),
  'hint-stale-10s-unsaid': hinted({ staleMs: 10_000, isSaid: false }),
  'hint-stale-30s': hinted({ staleMs: 30_000 }),
  'hint-stale-30s-told': hinted({ staleMs: 30_000, lagMs: 30_000, isSaid: false }),
  'hint-stale-30s-unsaid': hinted({ staleMs: 30_000, isSaid: false }),
  'hint-high': hinted({ errorFactor: 1.3 }),
  'hint-low': hinted({ errorFactor: 0.7 }),
  'hint-lost': hinted({ lostFromMs: minutes(15) }),
}

/** The cascade at a base load of so much of what the backend serves at its best, until ten minutes after the trigger. */
function atUtilisation(ratio: number): Scenario {
  const load = { ...cascade.load, callsPerSecond: 1429 * ratio }
  return { ...cascade, load, durationMs: minutes(38) }
}

const { searchParams } = new URL(import.meta.url)
const utilisation = searchParams.get('utilisation')

/** The scenario that is asked for in this module's address. */
export default utilisation
  ? atUtilisation(Number(utilisation))
  : named[searchParams.get('name') ?? 'cascade']
