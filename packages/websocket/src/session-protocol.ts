export type { Admission, Frame, Pace, SessionFacts, SessionProtocol } from './protocols/protocol.ts'
export { type ProtocolSessionOptions, protocolSession } from './protocols/protocol-session.ts'
