export {
  type FleetController,
  type FleetControllerOptions,
  fleetController,
  levelFor,
} from './fleet-hint/fleet-controller.ts'
export { type PublishOptions, publishFleetHint } from './fleet-hint/publish-fleet-hint.ts'
export type { IncomingLike, OutgoingLike } from './node-like.ts'
