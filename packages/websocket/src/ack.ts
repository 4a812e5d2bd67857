export { type AckSessionOptions, ackSession } from './protocols/ack-protocol.ts'
export type { ProtocolSessionOptions } from './protocols/protocol-session.ts'
