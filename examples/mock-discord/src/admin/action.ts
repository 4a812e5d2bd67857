import { type BackendPatch, readBackendPatch } from '../backend/backend-options.ts'
import { type CascadePatch, readCascadePatch } from '../cascade/cascade-options.ts'
import { type FaultRule, readFaultRule } from '../faults/fault-rule.ts'
import { type GatewayPatch, readGatewayPatch } from '../gateway/gateway-options.ts'
import { type FleetHintPatch, readFleetHintPatch } from '../hint/fleet-hint-options.ts'
import { boolean, partial, type Reader } from '../options/readers.ts'
import { readSocketAction, type SocketAction } from '../sockets/socket-action.ts'
import { readSocketsPatch, type SocketsPatch } from '../sockets/socket-options.ts'
import { type DiscordLimitsPatch, readDiscordLimitsPatch } from './discord-limits-patch.ts'

/** A change of limits: the API gateway's, Discord's own, or both. */
export interface LimitsPatch {
  readonly gateway?: GatewayPatch | undefined
  readonly discord?: DiscordLimitsPatch | undefined
}

/** Something an operator does; the parts that are given happen together, in this order. */
export interface Action {
  readonly clearFaults?: boolean | undefined
  readonly fault?: FaultRule | undefined
  readonly backend?: BackendPatch | undefined
  readonly limits?: LimitsPatch | undefined
  /** The level that is published to all clients. */
  readonly fleetHint?: FleetHintPatch | undefined
  /** How cascades are noticed. */
  readonly cascade?: CascadePatch | undefined
  /** Options of the WebSocket Gateway. */
  readonly sockets?: SocketsPatch | undefined
  /** Something done to it. */
  readonly socket?: SocketAction | undefined
}

/** Reads a change of limits. */
export const readLimitsPatch: Reader<LimitsPatch> = partial<LimitsPatch>({
  gateway: readGatewayPatch,
  discord: readDiscordLimitsPatch,
})

/** Reads what an operator does. */
export const readAction: Reader<Action> = partial<Action>({
  clearFaults: boolean,
  fault: readFaultRule,
  backend: readBackendPatch,
  limits: readLimitsPatch,
  fleetHint: readFleetHintPatch,
  cascade: readCascadePatch,
  sockets: readSocketsPatch,
  socket: readSocketAction,
})
