// Opens a socket and lets go of it in one way or another; says how the socket was when the process ended.
import process from 'node:process'
import { WebSocket as Ws } from 'ws'
import { undiciWebSocket } from '../src/handshake-status.ts'
import { heartbeat, ResilientWebSocket, resilientSocket } from '../src/index.ts'
import { rotate } from '../src/rotation.ts'

const [inner, way, url = ''] = process.argv.slice(2)
const WebSocket =
  inner === 'ws' ? (Ws as never) : inner === 'undici' ? undiciWebSocket() : undefined
const held = () =>
  process.getActiveResourcesInfo().filter((name) => /^(TCPSocketWrap|Timeout)$/.test(name))
const said: unknown[] = []
process.on('exit', () => console.log(JSON.stringify([...said, socket.state])))

const socket = resilientSocket(way === 'hung' ? () => new Promise(() => {}) : url, {
  WebSocket,
  reconnect: { firstWindowMs: 50, minDelayMs: 1, maxRetries: way === 'hung' ? 0 : 3 },
  connectTimeoutMs: way === 'hung' ? 50 : undefined,
  heartbeat: heartbeat({ message: 'beat' }),
  rotation: rotate({ maxAgeMs: 3_600_000 }),
})

switch (way) {
  case 'open': {
    await socket.send('hello')
    await new Promise((resolve) => socket.once('message', resolve))
    socket.unref()
    said.push(held())
    socket.ref()
    said.push(held())
    socket.unref()
    break
  }
  case 'before': {
    socket.unref()
    await new Promise((resolve) => socket.once('opened', resolve))
    break
  }
  case 'drop-in': {
    new ResilientWebSocket(url, [], { WebSocket }).unref().ref().unref()
    socket.close()
    break
  }
  case 'waiting': {
    socket.on('reconnectScheduled', () => socket.unref())
    break
  }
  // Refused twice, then let in: nothing but the socket keeps the process until then.
  case 'refused':
  case 'hung':
    socket.on('opened', () => socket.close())
}
