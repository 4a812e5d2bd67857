import type { SocketData } from '../outbound-queue.ts'
import type { Frame, SessionFacts, SessionProtocol } from './protocol.ts'
import { type ProtocolSessionOptions, protocolSession } from './protocol-session.ts'

/** What {@link ackSession} can be told. */
export interface AckSessionOptions extends ProtocolSessionOptions {
  /** What the server's `authenticate` is given: a token, and whatever else. Asked for each new session. */
  readonly credentials?: unknown | (() => unknown)
}

/** The server has ended the session, or does not know it. */
export const sessionGoneCode = 4900

/**
 * Sessions of the ack/resume protocol: every message, either way, arrives at least once on the wire and
 * once at the app, in order, while the session lives.
 *
 * The frames are in this package's README; `ackServer` of `@evenkeel/websocket/ack-server` speaks the other side.
 *
 * @throws `RangeError` for a bad option
 */
export function ackSession({ credentials, ...options }: AckSessionOptions = {}) {
  return protocolSession(() => new AckProtocol(credentials), options)
}

class AckProtocol implements SessionProtocol {
  readonly isContiguous = true
  readonly resumesInUse = true
  readonly endsSession = [sessionGoneCode]
  readonly #credentials: unknown

  constructor(credentials: unknown) {
    this.#credentials = credentials
  }

  read(data: unknown): Frame | undefined {
    const frame = JSON.parse(data as string)
    const acknowledged: number | undefined = frame.received
    switch (frame.type) {
      case 'hello':
        return { hello: { heartbeatMs: frame.heartbeatMs } }
      case 'started':
        return { started: { id: frame.session } }
      case 'resumed':
        return { resumed: { received: acknowledged } }
      case 'refused':
        return { refused: { isResumable: false, wants: 'identify' } }
      case 'message':
        return { sequence: frame.sequence, message: frame.data, acknowledged }
      case 'beat':
        return { heartbeatAnswer: true, acknowledged }
      case 'ack':
        return { acknowledged }
    }
    return undefined
  }

  identify(): SocketData {
    const given = this.#credentials
    const credentials = typeof given === 'function' ? given() : given
    return JSON.stringify({ type: 'identify', credentials })
  }

  resume({ id, received }: SessionFacts): SocketData {
    return JSON.stringify({ type: 'resume', session: id, received })
  }

  heartbeat({ received }: SessionFacts): SocketData {
    return JSON.stringify({ type: 'beat', received })
  }

  acknowledge({ received }: SessionFacts): SocketData {
    return JSON.stringify({ type: 'ack', received })
  }

  number(data: SocketData, sequence: number): SocketData {
    return JSON.stringify({ type: 'message', sequence, data })
  }

  check(data: SocketData): void {
    if (typeof data !== 'string')
      throw new TypeError('ack session: only strings can be sent; encode binary data as one')
  }
}
