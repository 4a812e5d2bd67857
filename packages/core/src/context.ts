import { Cancellation } from './cancellation.ts'
import type { CallContext, Priority } from './policy.ts'

/** What a call is made of. `cancellation` is `undefined` while nobody can cancel it, nor asked. */
export class Call implements CallContext {
  readonly attempt: number
  readonly key: string
  readonly route: string
  readonly priority: Priority
  readonly tag: unknown
  readonly idempotent: boolean
  readonly deadlineAtMs: number
  cancellation: Cancellation | undefined
  /** Who tries the call again; see {@link claimRetries}. */
  retrier: unknown

  constructor(
    attempt: number,
    key: string,
    route: string,
    priority: Priority,
    tag: unknown,
    idempotent: boolean,
    deadlineAtMs: number,
    cancellation: Cancellation | undefined,
    retrier: unknown,
  ) {
    this.attempt = attempt
    this.key = key
    this.route = route
    this.priority = priority
    this.tag = tag
    this.idempotent = idempotent
    this.deadlineAtMs = deadlineAtMs
    this.cancellation = cancellation
    this.retrier = retrier
  }

  get signal(): AbortSignal {
    return cancellationOf(this).signal
  }
}

/** What of a context a policy, or the start of a call, may set. */
export interface ContextChanges extends Partial<Omit<CallContext, 'signal'>> {
  /** What cancels the derived call; it should follow {@link cancellationOf} of the one derived from. */
  readonly cancellation?: Cancellation | undefined
}

/** What cancels a call: follow this rather than `context.signal`, and no signal is made for it. */
export function cancellationOf(context: CallContext): Cancellation {
  const cancellation = parentOf(context) ?? new Cancellation()
  if (isCall(context)) context.cancellation = cancellation
  return cancellation
}

/** The same, but nothing for a call that nobody can cancel. */
export function parentOf(context: CallContext): Cancellation | undefined {
  return isCall(context) ? context.cancellation : new Cancellation(context.signal)
}

/** Asked by a property, also of a call that another copy of this package made; and a bundle that makes none needs no class. */
export function isCall(context: CallContext): context is Call {
  return 'cancellation' in context
}

/** The same call within a limit: as {@link derive}, whose object of changes costs a call as much as a policy. */
export function limited(
  context: CallContext,
  deadlineAtMs: number,
  cancellation: Cancellation | undefined,
): CallContext {
  return new Call(
    context.attempt,
    context.key,
    context.route,
    context.priority,
    context.tag,
    context.idempotent,
    deadlineAtMs,
    cancellation,
    (context as Call).retrier,
  )
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
    changes.cancellation ?? parentOf(context),
    (context as Call).retrier,
  )
}

/**
 * Takes on the retries of a call, unless a policy further out has: layers that retry must not multiply.
 *
 * @returns whether they are `owner`'s
 */
export function claimRetries(context: CallContext, owner: object): boolean {
  if (!isCall(context)) return true
  context.retrier ??= owner
  return context.retrier === owner
}
