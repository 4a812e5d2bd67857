export type { Batch, BatchOptions, Load, LoadOptions } from '@evenkeel/batch'
export { adaptiveWindow, resultsById } from '@evenkeel/batch'
export {
  EvenkeelError,
  errorCode,
  isTransient,
  type Priority,
  reached,
  retryAfterMs,
} from '@evenkeel/core'
export type {
  CallOptions,
  FetchEvent,
  FetchOptions,
  ResilientFetch,
  ResilientRequestInit,
} from '@evenkeel/fetch'
export { heartbeat, type ResilientSocket, type ResilientSocketOptions } from '@evenkeel/websocket'
export type { Client, ClientEvents, CloseOptions } from './client.ts'
export type { BulkheadHost, ClientOptions, OutboxHost, PartHost } from './client-options.ts'
export { createClient } from './create-client.ts'
export {
  type HealthMonitor,
  type HealthOptions,
  type HealthState,
  healthMonitor,
} from './health/health.ts'
export type { HealthLevel, HealthReason, HealthReasonKind } from './health/health-reason.ts'
