/** How much a call matters when not all can be served: `critical` goes last, `deferred` goes first. */
export type Priority = 'critical' | 'important' | 'deferred'

/** What a policy may know, and change, about one call. Derive it; never mutate it. */
export interface CallContext {
  /** Aborts when nobody waits for the call any more; a policy may narrow it. Made when first read. */
  readonly signal: AbortSignal
  /** Which try this is; 1 is the first. */
  readonly attempt: number
  /** The failure domain: an origin, a route, a shard. State is kept per key. */
  readonly key: string
  /** The call's kind within its key, as a rate limit sees it; the key itself unless the host knows better. */
  readonly route: string
  readonly priority: Priority
  /** Anything of the caller's: the events of a call carry it, so that an app knows which call they tell of. */
  readonly tag: unknown
  /** Whether applying the call twice has the effect of applying it once (RFC 9110 §9.2.2). */
  readonly idempotent: boolean
  /** The instant on the clock by which the call must have ended; `Infinity` when there is none. */
  readonly deadlineAtMs: number
}

/** The rest of the pipeline, the action last. */
export type Next<T> = (context: CallContext) => Promise<T>

/** Decides when, whether and how often `next` runs. It can't invent a result. */
export interface Policy {
  readonly name: string
  /** Runs `next` as often as it takes, or not at all, and hands on how it ended. */
  execute<T>(next: Next<T>, context: CallContext): Promise<T>
}
