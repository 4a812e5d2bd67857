export { admits, admittedRatio, type FleetHint } from './fleet-hint/admission.ts'
export {
  type FleetHintOptions,
  type FleetHintPolicy,
  fleetHint,
  type HintChanged,
  type ShedByHint,
} from './fleet-hint/fleet-hint.ts'
export { formatFleetHint, parseFleetHint } from './fleet-hint/fleet-hint-field.ts'
export { pollFleetHint } from './fleet-hint/poll-fleet-hint.ts'
export type { PollOptions } from './poll-document.ts'
