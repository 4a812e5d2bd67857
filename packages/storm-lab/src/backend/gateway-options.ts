import type { ClientLimitOptions } from './client-limit.ts'
import type { LimiterOptions } from './limiter.ts'

/** Attempts that go wrong by themselves. */
export interface Faults {
  /** The part of the attempts. */
  readonly ratio: number
  /** The answer, or `silence`. @defaultValue 500 */
  readonly status?: number | 'silence' | undefined
  /** When it comes. @defaultValue 50 */
  readonly afterMs?: number | undefined
}

/** What stands before the service. All rates are those of the full size. */
export interface GatewayOptions {
  /**
   * `refusing`: connections fail at once. `silent`: what comes is lost. `holding`: what comes arrives
   * when it is `up` again, as TCP delivers what a broken line held back.
   * @defaultValue `'up'`
   */
  readonly state?: 'up' | 'refusing' | 'silent' | 'holding' | undefined
  /** How many attempts a second it can look at; the others get a 503. @defaultValue `Infinity` */
  readonly maxPerSecond?: number | undefined
  /** How long its refusals take. @defaultValue 50 */
  readonly rejectMs?: number | undefined
  /** @defaultValue none */
  readonly limiter?: LimiterOptions | undefined
  /** What one client may send; what is more gets a 429 that says when to come again. @defaultValue none */
  readonly clientLimit?: ClientLimitOptions | undefined
  /** @defaultValue none */
  readonly faults?: Faults | undefined
  /** Whether a 503 of a full queue says when it will have drained. @defaultValue `false` */
  readonly hasRetryAfter?: boolean | undefined
}
