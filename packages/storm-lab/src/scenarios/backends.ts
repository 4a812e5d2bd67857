import type { BackendOptions } from '../backend/backend-options.ts'
import type { StationOptions } from '../backend/station-options.ts'

/*
 * A pool of 5,000 behind a queue of 15,000 with a wait of 25 s is, by Little's law, 600 requests a second of
 * 8.3 s each, where a normal day has 0.15 s: capacity falls with concurrency. That is this law's
 * X(5000) = 601/s, 0.42 of its peak X(749) = 1,429/s.
 */
const database: StationOptions = {
  workers: 5000,
  queue: 15_000,
  serviceMs: 150,
  contention: 0.002,
  coherency: 1.78e-6,
}

/** The backend of the incident: it accepts everything, queues deep, and works for those who have gone. */
export const legacyBackend: BackendOptions = {
  // Ten times what the database serves at its best.
  gateway: { maxPerSecond: 14_290, faults: { ratio: 0.0005 } },
  service: database,
  hint: {},
}

/** The same with its pool at the knee, and a queue of 1,000. */
export const boundedBackend: BackendOptions = {
  ...legacyBackend,
  service: { ...database, workers: 749, queue: 1000 },
}

/** The same, serving and shedding by priority, and not working for those who have gone. */
export const prioBackend: BackendOptions = {
  ...legacyBackend,
  service: { ...boundedBackend.service, discipline: 'priority', dropsAbandoned: true },
}
