import type { FastifyInstance } from 'fastify'
import type { Limits } from './limits/limits.ts'
import type { SocketGateway } from './sockets/socket-gateway.ts'
import type { ApiRequest, Stage } from './stage.ts'
import type { Store } from './store/store.ts'

/** A reply on its way out: a file's bytes have no string, and a body may be made to trickle. */
export interface OutgoingReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | undefined
  readonly drip?: Drip | undefined
  /** Cuts the connection after this many bytes of the body that `Content-Length` promises. */
  readonly keepBytes?: number | undefined
}

/** How slowly a body trickles. */
export interface Drip {
  readonly chunkBytes: number
  readonly intervalMs: number
}

/**
 * Acts on a reply after its route has run: gives the reply to send, or `drop` to lose it. What the
 * request changed stays changed.
 */
export type ReplyHook = (
  request: ApiRequest,
  reply: OutgoingReply,
) => OutgoingReply | 'drop' | Promise<OutgoingReply | 'drop'>

/** Who ended a request, and how. */
export interface Outcome {
  readonly by: 'faults' | 'gateway' | 'limits' | 'backend' | 'route'
  /** `dropped` by the mock, or `gone` when the client left before the reply. */
  readonly status: number | 'dropped' | 'gone'
  readonly durationMs: number
  /** What the reply's `Retry-After` said, if it had one. */
  readonly retryAfterMs?: number | undefined
}

/** What stands before, behind and beside the routes. */
export interface Machinery {
  readonly faults: Stage
  readonly gateway: Stage
  readonly backend: Stage
  readonly outgoing: ReplyHook
  /** Fields that go out with every reply, whoever has ended the request; the reply's own go before them. */
  fields(request: ApiRequest): Readonly<Record<string, string>>
  /** Told once of every request, when it has ended. */
  observe(request: ApiRequest, outcome: Outcome): void
  /** Adds the admin and metrics routes, outside `/api`. */
  register(app: FastifyInstance): void
  close(): void
}

/** What the machinery may reach of the front. */
export interface MachineryParts {
  readonly store: Store
  readonly limits: Limits
  readonly gateway: SocketGateway
  readonly now: () => number
}
