import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import type { Mock } from '../../src/index.ts'
import type { Raw } from './bot.ts'

/** How a handshake ended. */
export type Dialled = 'open' | number | 'reset' | 'refused'

/** Opens a plain socket, and collects what it is sent. */
export function dial(mock: Mock, address = '/?v=10&encoding=json') {
  const socket = new WebSocket(mock.url.replace('http', 'ws') + address)
  const frames: Raw[] = []
  const bytes: Buffer[] = []
  let retryAfter: string | undefined
  let closed: number | undefined
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) bytes.push(data)
    else frames.push(JSON.parse(data.toString()))
  })
  socket.on('close', (code) => {
    closed = code
  })
  onTestFinished(() => socket.terminate())
  const outcome = new Promise<Dialled>((resolve) => {
    socket.once('open', () => resolve('open'))
    socket.once('unexpected-response', (request, response) => {
      retryAfter = response.headers['retry-after']
      request.destroy()
      resolve(response.statusCode ?? 0)
    })
    socket.on('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'ECONNREFUSED' ? 'refused' : 'reset'),
    )
  })
  return {
    socket,
    frames,
    bytes,
    outcome,
    retryAfter: () => retryAfter,
    closed: () => closed,
    send: (op: number, d: unknown = null) => socket.send(JSON.stringify({ op, d })),
    end: () => (socket.readyState === WebSocket.CLOSED ? undefined : once(socket, 'close')),
  }
}
