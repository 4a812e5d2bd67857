/** An event that has not run yet. */
export interface Scheduled {
  /** Forgets the event; does nothing once it has run. */
  cancel(): void
}

/** The clock of the model: wall time in a running mock, virtual time in tests. */
export interface Scheduler {
  /** The time in ms; within an event, the moment at which that event was due. */
  now(): number
  schedule(event: () => void, delayMs: number): Scheduled
  /** Runs what is due already, so that what comes from outside finds the model up to date. */
  settle(): void
}
