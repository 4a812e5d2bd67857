export {
  type FleetController,
  type FleetControllerOptions,
  fleetController,
  levelFor,
} from './fleet-hint/fleet-controller.ts'
export { type PublishOptions, publishFleetHint } from './fleet-hint/publish-fleet-hint.ts'
