import { Cancellation } from './cancellation.ts'
import type { CallContext, Priority } from './policy.ts'

class Call implements CallContext {
  readonly attempt: number
  readonly key: string
  readonly route: string
  readonly priority: Priority
  readonly tag: unknown
  readonly idempotent: boolean
  readonly deadlineAtMs: number
  readonly cancellation: Cancellation

  constructor(
    attempt: number,
    key: string,
    route: string,
    priority: Priority,
    tag: unknown,
    idempotent: boolean,
    deadlineAtMs: number,
    cancellation: Cancellation,
  ) {
    this.attempt = attempt
    this.key = key
    this.route = route
    this.priority = priority
    this.tag = tag
    this.idempotent = idempotent
    this.deadlineAtMs = deadlineAtMs
    this.cancellation = cancellation
  }

  get signal(): AbortSignal {
    return this.cancellation.signal
  }
}

/** What of a context a policy, or the start of a call, may set. */
export interface ContextChanges extends Partial<Omit<CallContext, 'signal'>> {
  /** What cancels the derived call; it should follow {@link cancellationOf} of the one derived from. */
  readonly cancellation?: Cancellation | undefined
}

/** What cancels a call: follow this rather than `context.signal`, and no signal is made for it. */
export function cancellationOf(context: CallContext): Cancellation {
  return context instanceof Call ? context.cancellation : new Cancellation(context.signal)
}

/** The same call with some facts changed. A spread would lose the signal: it is made when read. */
export function derive(context: CallContext, changes: ContextChanges): CallContext {
  return new Call(
    changes.attempt ?? context.attempt,
    changes.key ?? context.key,
    changes.route ?? context.route,
    changes.priority ?? context.priority,
    changes.tag ?? context.tag,
    changes.idempotent ?? context.idempotent,
    changes.deadlineAtMs ?? context.deadlineAtMs,
    changes.cancellation ?? cancellationOf(context),
  )
}

/** The first context of a call. */
export function createContext(
  key: string,
  route: string,
  priority: Priority,
  tag: unknown,
  idempotent: boolean,
  deadlineAtMs: number,
  cancellation: Cancellation,
): CallContext {
  return new Call(1, key, route, priority, tag, idempotent, deadlineAtMs, cancellation)
}
