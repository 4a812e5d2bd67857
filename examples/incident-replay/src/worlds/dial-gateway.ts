import WebSocket from 'ws'
import type { SocketParts } from './world.ts'

/** A connection on which the Gateway has said READY. */
export interface GatewayLine {
  /** Resolves when it is lost. */
  readonly ended: Promise<void>
}

/** The opcodes of the Gateway that an ordinary client knows. */
const opcodes = { heartbeat: 1, identify: 2, reconnect: 7, invalidSession: 9, hello: 10 } as const

/**
 * Dials the Gateway once, as clients do that are written by hand: HELLO, IDENTIFY, heartbeats, READY.
 *
 * @throws Error when the connection ends before READY.
 */
export function dialGateway(parts: SocketParts): Promise<GatewayLine> {
  const { url, token, timeScale, dialTimeoutMs, watch } = parts
  return new Promise((resolve, reject) => {
    watch.dialled()
    const socket = new WebSocket(`${url}/?v=10&encoding=json`, {
      handshakeTimeout: dialTimeoutMs,
      perMessageDeflate: false,
    })
    const send = (op: number, d: unknown) => socket.send(JSON.stringify({ op, d }))
    let beats: ReturnType<typeof setInterval> | undefined
    let sequence: number | null = null
    const ended = new Promise<void>((end) => {
      socket.on('close', (code) => {
        clearInterval(beats)
        watch.lost()
        end()
        reject(new Error(`The Gateway closed with ${code}`))
      })
    })
    // What was wrong is nothing to such a client: 'close' follows.
    socket.on('error', () => {})
    socket.on('message', (data) => {
      const { op, t, s, d } = JSON.parse(String(data))
      sequence = s ?? sequence
      if (op === opcodes.hello) {
        send(opcodes.identify, { token, intents: 0, properties: {} })
        beats = setInterval(
          () => send(opcodes.heartbeat, sequence),
          d.heartbeat_interval / timeScale,
        )
      } else if (op === opcodes.reconnect || op === opcodes.invalidSession) {
        socket.close(4000)
      } else if (t === 'READY') {
        watch.ready()
        resolve({ ended })
      }
    })
  })
}
