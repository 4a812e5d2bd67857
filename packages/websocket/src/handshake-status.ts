export { type ProbeOptions, probedWebSocket } from './probed-web-socket.ts'
export { undiciWebSocket } from './undici-web-socket.ts'
