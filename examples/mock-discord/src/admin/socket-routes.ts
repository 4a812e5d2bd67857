import type { FastifyInstance, FastifyRequest } from 'fastify'
import { readSocketAction } from '../sockets/socket-action.ts'
import type { SocketGateway } from '../sockets/socket-gateway.ts'
import { readSocketsPatch } from '../sockets/socket-options.ts'

/** Adds what operators see of the WebSocket Gateway, and do to it. */
export function socketRoutes(
  admin: FastifyInstance,
  gateway: SocketGateway,
  json: (request: FastifyRequest) => unknown,
): void {
  const now = () => ({ ...gateway.status, options: gateway.options })
  admin.get('/sockets', now)
  admin.patch('/sockets', (request) => {
    gateway.configure(readSocketsPatch(json(request), 'sockets'))
    return now()
  })
  admin.get('/sockets/sessions', () => gateway.sessions)
  admin.post('/sockets/actions', (request, reply) => {
    const action = readSocketAction(json(request), 'action')
    reply.code(202)
    if (action.kind !== 'restart') return gateway.act(action)
    // A restart cuts this connection too: the answer goes first.
    reply.raw.once('finish', () => gateway.act(action))
    return { connections: gateway.size }
  })
}
