import { systemTime, type TimeSource } from './time-source.ts'

/** How far a failed request may have got. `no`: the server did no work on it. `maybe`: nobody knows. `yes`: it answered. */
export type Reached = 'no' | 'maybe' | 'yes'

/** What a failure tells the policies; any error may carry it under {@link failureFacts}. */
export interface FailureFacts {
  /** Stable, in capitals: what code may branch on. */
  readonly code?: string | undefined
  /** Whether the same call may succeed later. */
  readonly transient?: boolean | undefined
  readonly reached?: Reached | undefined
  /** How long the server, or a policy, asks to stay away. */
  readonly retryAfterMs?: number | undefined
  /**
   * Whether a limit turned it away, the server's (429) or one on this side: it then says nothing of
   * the server's health, and a circuit breaker does not count it.
   */
  readonly throttled?: boolean | undefined
}

/** What an {@link EvenkeelError} is made of. */
export interface FailureInit extends Omit<FailureFacts, 'code'> {
  readonly key?: string | undefined
  readonly cause?: unknown
  /** Gives the date of `retryAt`. */
  readonly clock?: TimeSource | undefined
}

/** The property under which an error carries its {@link FailureFacts}: registered, so that two copies of this package agree. */
export const failureFacts: unique symbol = Symbol.for('evenkeel.failure') as never

/** The base of every error that evenkeel makes itself. */
export class EvenkeelError extends Error {
  readonly code: string
  /** The failure domain it speaks of. */
  readonly key: string | undefined
  readonly transient: boolean
  readonly reached: Reached
  readonly retryAfterMs: number | undefined
  /** The same for people: when it is worth trying again. */
  readonly retryAt: Date | undefined
  readonly throttled: boolean | undefined

  constructor(code: string, message: string, init: FailureInit = {}) {
    super(message, init)
    this.name = 'EvenkeelError'
    this.code = code
    this.key = init.key
    this.transient = init.transient ?? false
    this.reached = init.reached ?? 'no'
    this.throttled = init.throttled
    this.retryAfterMs = init.retryAfterMs
    if (init.retryAfterMs !== undefined)
      this.retryAt = new Date((init.clock ?? systemTime).wallNow() + init.retryAfterMs)
  }

  get [failureFacts](): FailureFacts {
    return this
  }
}

/** What `read` finds; nothing when that throws: anything can be thrown, and its getters may throw in turn. */
export function quietly<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

function fact<K extends keyof FailureFacts>(error: unknown, name: K): FailureFacts[K] {
  try {
    // `?.` since most errors of others carry none, and to catch a `TypeError` is to make it, with a stack.
    return (error as Partial<EvenkeelError>)[failureFacts]?.[name]
  } catch {
    return undefined
  }
}

/** The stable code of an error that evenkeel, or an adapter to it, made. */
export function errorCode(error: unknown): string | undefined {
  return fact(error, 'code')
}

/**
 * Whether the same call may succeed later. Of an error that does not say: yes, unless it is an abort
 * or the mark of a bug (`TypeError`, `RangeError`, `ReferenceError`, `SyntaxError`).
 */
export function isTransient(error: unknown): boolean {
  return (
    fact(error, 'transient') ??
    !quietly(() => /^(Abort|Type|Range|Reference|Syntax)Error$/.test((error as Error).name))
  )
}

/** How far the request may have got; `maybe` for an error that does not say. */
export function reached(error: unknown): Reached {
  return fact(error, 'reached') ?? 'maybe'
}

/** How long to stay away, if the failure says so. */
export function retryAfterMs(error: unknown): number | undefined {
  return fact(error, 'retryAfterMs')
}

/** Whether a limit turned it away, so that it says nothing of the server's health. */
export function isThrottled(error: unknown): boolean {
  return fact(error, 'throttled') ?? false
}
