export {
  type FleetController,
  type FleetControllerOptions,
  fleetController,
  levelFor,
} from './fleet-hint/fleet-controller.ts'
export {
  type IncomingLike,
  type OutgoingLike,
  type PublishOptions,
  publishFleetHint,
} from './fleet-hint/publish-fleet-hint.ts'
