import type { Priority } from '@evenkeel/core'
import type { CircuitState } from './circuit.ts'

/** What a circuit breaker tells of itself. */
export type BreakerEvent =
  | {
      readonly type: 'opened'
      readonly key: string
      /** Whether it is the circuit of the key's critical calls. */
      readonly isCritical: boolean
      /** `consecutiveFailures`, `failureRate`, `slowCallRate`, `probeFailed`, or a trip's of one's own. */
      readonly reason: string
      readonly openMs: number
      /** When the first probe may go. */
      readonly retryAt: Date
    }
  | { readonly type: 'halfOpened'; readonly key: string; readonly isCritical: boolean }
  | { readonly type: 'closed'; readonly key: string; readonly isCritical: boolean }
  | {
      readonly type: 'rejected'
      readonly key: string
      /** `closed` during the ramp. */
      readonly state: CircuitState
      /** `undefined` when isolated. */
      readonly retryAfterMs: number | undefined
      readonly priority: Priority
      readonly tag: unknown
    }
  /** By hand, both circuits of the key; without a key, every circuit. */
  | { readonly type: 'isolated'; readonly key: string | undefined }
  | { readonly type: 'reset'; readonly key: string | undefined }
