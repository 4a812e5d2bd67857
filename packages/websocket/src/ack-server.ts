export { type AckServer, ackServer } from './protocols/ack-server.ts'
export type { AckServerOptions } from './protocols/ack-server-options.ts'
export type { ServerSession, ServerSocket } from './protocols/server-session.ts'
