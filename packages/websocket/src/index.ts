export {
  browserSignals,
  type PlatformSignal,
  type PlatformSignals,
} from '@evenkeel/core/network'
export type { Advice } from './advice.ts'
export {
  type CloseCodes,
  type CloseRule,
  defaultCloseCodes,
  discordCloseCodes,
  graphqlWsCloseCodes,
} from './close-codes.ts'
export type { ResilientCloseEvent } from './close-event.ts'
export {
  advise,
  afterLoss,
  type ConnectDecision,
  type ConnectRules,
  type ConnectState,
  connectSucceeded,
  newConnect,
  type StopReason,
} from './connect.ts'
export { defaultConnectRules } from './default-connect-rules.ts'
export type { DialGate, DialGateKind, DialledConnection, GatedDial } from './dial-gate.ts'
export type { ResilientErrorEvent } from './error-event.ts'
export type {
  Closed,
  Disconnected,
  ReconnectScheduled,
  Rotated,
  SessionLost,
  SocketEvents,
  SocketState,
  Tell,
  Undelivered,
} from './events.ts'
export type {
  Handler,
  HandlerTarget,
  ListenerObject,
  ResilientWebSocketEventMap,
  SocketListener,
} from './handler-target.ts'
export {
  type Heartbeat,
  type HeartbeatOptions,
  type HeartHost,
  heartbeat,
  type Liveness,
} from './heartbeat.ts'
export type { WebSocketConstructor, WebSocketLike } from './inner-socket.ts'
export { lanes } from './lanes.ts'
export type { Listenable } from './listenable.ts'
export type { Cause, Loss, Phase } from './loss.ts'
export type {
  DialFacts,
  Provided,
  QueueOptions,
  ReconnectOptions,
  SocketOptions,
} from './options.ts'
export type {
  DropReason,
  OnDrop,
  OutboundQueue,
  Overflow,
  Queued,
  QueueKind,
  QueueLimits,
  SocketData,
} from './outbound-queue.ts'
export { readyWhen } from './ready-when.ts'
export {
  type ResilientSocket,
  type ResilientSocketOptions,
  resilientSocket,
} from './resilient-socket.ts'
export { ResilientWebSocket } from './resilient-web-socket.ts'
export type { RotationReason } from './rotation/age.ts'
export type { RotationKind } from './rotation/rotation.ts'
export type { Failure, SendOptions, Settle } from './send-options.ts'
export type {
  Session,
  SessionHost,
  SessionKind,
  SessionLine,
  SessionRotation,
  Talk,
} from './session.ts'
export { type DialBudget, type SharedDialsOptions, sharedDials } from './shared-dials.ts'
