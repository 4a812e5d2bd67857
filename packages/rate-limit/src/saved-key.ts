import type { SavedLane } from './saved-buckets.ts'

/** What is saved of rate limits: instants in milliseconds since 1970. */
export interface RateLimitSnapshot {
  readonly version: 1
  readonly savedAtMs: number
  readonly keys: readonly SavedKey[]
}

/** What is saved of one key. */
export interface SavedKey {
  readonly key: string
  readonly cooldown?:
    | { readonly untilMs: number; readonly rampMs: number; readonly refusals: number }
    | undefined
  readonly lanes?: readonly SavedLane[] | undefined
  /** Of {@link reloadBackoff}. */
  readonly streak?:
    | { readonly failures: number; readonly notBeforeMs: number; readonly isSilent: boolean }
    | undefined
}
