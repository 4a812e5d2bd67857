/** What the clients of a kind do about their calls. */
export interface ClientModel {
  /** Whether it goes on with calls that no user waits for any more. */
  readonly outlivesPatience: boolean
  start(call: number): void
  /** An attempt has its answer, or none; `status` may be one of `noAnswer`. */
  answered(call: number, status: number, retryAfterMs: number, attempt: number): void
  /** The limit of an attempt has passed. */
  timedOut(call: number): void
  /** The wait is over that it asked for. */
  resumed(call: number): void
  /** The page was reloaded. */
  forget(client: number): void
}

/** What a user wants. */
export interface NewCall {
  readonly client: number
  readonly cohort: number
  readonly priority: number
  readonly isRead: boolean
  readonly isIdempotent: boolean
}
