export type { PollOptions } from './poll-document.ts'
export type { Allowance } from './steering/allowance.ts'
export type {
  CooldownSteered,
  PausedByServer,
  PolicyChanged,
  PolicyIgnored,
  RetriesCapped,
  RetrySpread,
  SteeredAttempt,
  SteeringEvent,
} from './steering/events.ts'
export { pollPolicy } from './steering/poll-policy.ts'
export {
  formatServerPolicy,
  parseServerPolicy,
  type ServerPolicy,
} from './steering/server-policy.ts'
export { type Steering, type SteeringOptions, steering } from './steering/steering.ts'
