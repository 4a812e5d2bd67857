import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Scheduler } from '../backend/scheduler.ts'
import type { Random } from '../backend/seeded-random.ts'
import { AcceptQueue } from './accept-queue.ts'
import type { StreamCompression } from './compressor.ts'
import type { HandshakeFault } from './handshake-fault.ts'
import type { SocketCounters } from './socket-counters.ts'
import type { SocketOptions } from './socket-options.ts'

/** What a client asked for in the address of the Gateway. */
export interface Handshake {
  readonly version: string
  readonly compression: StreamCompression | undefined
  /** As the client reached it, whatever stands between. */
  readonly host: string
}

interface Refusal {
  readonly why: Parameters<SocketCounters['failed']>[0]
  /** None: the connection is reset. */
  readonly status?: number
  readonly retryAfterMs?: number | undefined
}

export interface HandshakeParts {
  readonly scheduler: Scheduler
  readonly random: Random
  readonly options: () => SocketOptions
  failed(why: Refusal['why']): void
  readonly connections: () => number
  accepted(socket: WebSocket, handshake: Handshake): void
}

/** Turns upgrades into connections: faults, the accept queue and the connection limit stand in the way. */
export class Handshakes {
  readonly #parts: HandshakeParts
  readonly #queue: AcceptQueue
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: 2 ** 20,
  })
  #waiting = new Set<Duplex>()
  #fault: (HandshakeFault & { left: number; untilMs: number }) | undefined

  constructor(parts: HandshakeParts) {
    this.#parts = parts
    this.#queue = new AcceptQueue(parts.scheduler, parts.options)
  }

  get queued(): number {
    return this.#queue.length
  }

  /** The fault in force. */
  get fault(): HandshakeFault | undefined {
    const fault = this.#fault
    return fault && fault.left > 0 && this.#parts.scheduler.now() < fault.untilMs
      ? fault
      : undefined
  }

  setFault(fault: HandshakeFault | undefined): void {
    const { count = Number.POSITIVE_INFINITY, forMs = Number.POSITIVE_INFINITY } = fault ?? {}
    this.#fault = fault && { ...fault, left: count, untilMs: this.#parts.scheduler.now() + forMs }
  }

  /** Listens for `upgrade`. */
  take = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const { failed } = this.#parts
    this.#waiting.add(socket)
    // Nothing else notices that a client gives up before its turn.
    socket.on('error', () => socket.destroy())
    const gone = () => socket.destroy()
    socket.once('end', gone)
    socket.resume()
    const hasRoom = this.#queue.push(() => {
      socket.off('end', gone)
      this.#waiting.delete(socket)
      if (socket.destroyed) failed('abandoned')
      else this.#accept(request, socket, head)
    })
    if (hasRoom) return
    this.#waiting.delete(socket)
    failed('queueFull')
    reset(socket)
  }

  /** Forgets who waits, as a process that ends does. */
  clear(): void {
    this.#queue.clear()
    for (const socket of this.#waiting) socket.destroy()
    this.#waiting = new Set()
  }

  #accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { failed, accepted } = this.#parts
    const asked = askedFor(request)
    const refusal = this.#refusal(asked)
    if (refusal) {
      failed(refusal.why)
      if (refusal.status === undefined) reset(socket)
      else refuse(socket, refusal.status, refusal.retryAfterMs)
    } else if (asked) {
      this.#server.handleUpgrade(request, socket, head, (webSocket) => accepted(webSocket, asked))
    }
  }

  #refusal(asked: Handshake | undefined): Refusal | undefined {
    const { options, random, connections } = this.#parts
    const fault = this.#takeFault()
    if (fault?.kind === 'reset') return { why: 'reset' }
    if (fault) {
      return { why: 'refused', status: fault.status ?? 503, retryAfterMs: fault.retryAfterMs }
    }
    const { connectionLimit, overLimitFailureRatio } = options()
    if (connections() >= connectionLimit && random() < overLimitFailureRatio) {
      return { why: 'overLimit', status: 503 }
    }
    return asked ? undefined : { why: 'invalid', status: 400 }
  }

  #takeFault(): HandshakeFault | undefined {
    if (!this.fault) this.#fault = undefined
    const fault = this.#fault
    if (!fault || this.#parts.random() >= (fault.share ?? 1)) return undefined
    fault.left--
    return fault
  }
}

/** Reads the address and the headers; nothing when they are no handshake this server knows. */
function askedFor({ url = '/', headers }: IncomingMessage): Handshake | undefined {
  const { searchParams } = new URL(url, 'ws://mock')
  const { encoding = 'json', compress, v = '10' } = Object.fromEntries(searchParams)
  if (headers.upgrade?.toLowerCase() !== 'websocket' || !headers['sec-websocket-key']) {
    return undefined
  }
  if (encoding !== 'json') return undefined
  if (compress !== undefined && compress !== 'zlib-stream' && compress !== 'zstd-stream') {
    return undefined
  }
  return { version: v, compression: compress, host: headers.host ?? '' }
}

function refuse(socket: Duplex, status: number, retryAfterMs?: number): void {
  const body = JSON.stringify({ message: `${status}: ${STATUS_CODES[status] ?? ''}`, code: 0 })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(retryAfterMs === undefined ? [] : [`Retry-After: ${Math.ceil(retryAfterMs / 1_000)}`]),
  ]
  socket.once('finish', () => socket.destroy())
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

function reset(socket: Duplex): void {
  if ('resetAndDestroy' in socket) (socket as { resetAndDestroy(): void }).resetAndDestroy()
  else socket.destroy()
}
