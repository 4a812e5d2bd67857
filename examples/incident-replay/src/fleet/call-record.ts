/** What became of one call of a user; times in the scenario's. */
export interface CallRecord {
  readonly atMs: number
  /** From the call to its end; missing while it is under way. */
  readonly durationMs: number | undefined
  readonly attempts: number
  readonly ok: boolean
}
