// A server for the clients of one library: listens when told where, and tells when connections opened.
import { createServer } from 'node:http'
import process from 'node:process'
import { Server } from 'socket.io'
import { WebSocketServer } from 'ws'
import { phoenixReply } from '../herd/phoenix-reply.ts'

const [kind] = process.argv.slice(2)
const server = createServer()
/** Since it listens, in ms. */
const opensAtMs: number[] = []
let listensAtMs = 0
const opened = (): void => {
  opensAtMs.push(Math.floor(performance.now() - listensAtMs))
}

if (kind === 'socket.io') new Server(server).on('connection', opened)
else
  new WebSocketServer({ server }).on('connection', (socket, { url }) => {
    opened()
    // Its heartbeats are the only ones that a server must answer.
    if (url?.includes('vsn=')) socket.on('message', (data) => answer(socket, String(data)))
  })

function answer(socket: { send(data: string): void }, message: string): void {
  const reply = phoenixReply(message)
  if (reply !== undefined) socket.send(reply)
}

process.once('disconnect', () => process.exit())
process.on('message', (port: number | 'opens') => {
  if (port === 'opens') process.send?.(opensAtMs)
  // Room for a herd: what the system's own limit cuts off comes again a second later.
  else
    server.listen({ port, host: '127.0.0.1', backlog: 4096 }, () => {
      listensAtMs = performance.now()
      process.send?.('listening')
    })
})
server.on('error', ({ message }) => process.send?.(message))
