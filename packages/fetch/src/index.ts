export type { CallOptions, FetchCall, FetchInput, ResilientRequestInit } from './call.ts'
export { createFetch, type ResilientFetch } from './create-fetch.ts'
export type {
  AttemptFailed,
  AttemptStarted,
  CallFailed,
  CallSucceeded,
  FetchEvent,
} from './events.ts'
export { HttpStatusError, NetworkError } from './failure.ts'
export type { IdempotencyOptions } from './idempotency.ts'
export type { FetchOptions, PresetOptions, RequestFacts } from './options.ts'
export { peekJson } from './peek-json.ts'
export { type Preset, type PresetParts, preset } from './preset.ts'
export { SoftTimeoutError } from './soft-timeout.ts'
export { stripOnRedirect } from './strip-on-redirect.ts'
