export { type SharedSocketOptions, SharedWebSocket } from './tabs/shared-web-socket.ts'
export type { TabChannel } from './tabs/tab-link.ts'
export type { TabLocks } from './tabs/tab-turn.ts'
