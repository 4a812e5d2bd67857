export {
  type OutboxAnswer,
  type OutboxCall,
  type OutboxFetch,
  type OutboxRequestInit,
  outboxFetch,
} from './fetch/outbox-fetch.ts'
export type {
  Conflict,
  KeyHeader,
  OutboxFetchOptions,
  Outcome,
  SendRequest,
} from './fetch/outbox-fetch-options.ts'
export { ReplayRefused } from './fetch/replay-refused.ts'
export type { RequestFields, RequestInput, StoredRequest } from './fetch/stored-request.ts'
