import type { FastifyReply, FastifyRequest } from 'fastify'
import { crossOrigin } from '../cross-origin.ts'
import { drop } from '../send.ts'
import type { HandshakeFault } from './handshake-fault.ts'

/**
 * Answers a request that is no upgrade at the address of the Gateway: as an upgrade would be refused now, and
 * else 426. It is how a page finds out why its socket did not open, which browsers do not tell.
 */
export function plainRequest(
  fault: HandshakeFault | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  if (fault?.kind === 'reset') {
    reply.hijack()
    drop(reply.raw)
    return
  }
  const { status = 503, retryAfterMs } = fault ?? { status: 426 }
  reply
    .code(status)
    .headers({
      ...crossOrigin(request.headers),
      ...(status === 426 && { upgrade: 'websocket' }),
      ...(retryAfterMs !== undefined && { 'retry-after': Math.ceil(retryAfterMs / 1_000) }),
    })
    .send()
}
