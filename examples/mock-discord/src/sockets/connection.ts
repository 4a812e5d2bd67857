import type { Scheduled } from '../backend/scheduler.ts'
import { commands } from './commands.ts'
import type { Hub } from './hub.ts'
import { identify } from './identify.ts'
import {
  type CloseReason,
  closeCodes,
  controlFrame,
  opcodes,
  type Refusal,
  sessionEndingCodes,
} from './opcodes.ts'
import { resume } from './resume.ts'
import { SendLimit } from './send-limit.ts'
import { type Dispatch, dispatchFrame, type Session, type SessionConnection } from './session.ts'

/** How a connection reaches its client. */
export interface Transport {
  send(frame: string): void
  close(code: number, reason: string): void
  /** Cuts it without a word. */
  terminate(): void
  /** Added to every frame and to the close, in ms. */
  delayMs: number
  /** Reads and writes nothing any more, and leaves the connection open. */
  freeze(): void
  /** Large frames go out compressed one by one from now on. */
  compressPayloads(): void
}

/** One connection from HELLO to its end: knows the protocol, and nothing of sockets. */
export class Connection implements SessionConnection {
  readonly hub: Hub
  readonly transport: Transport
  /** Where READY tells the client to resume. */
  readonly resumeUrl: string
  session: Session | undefined
  /** Silenced by an operator: heartbeats are heard and not answered. */
  acks = true
  /** By an operator: neither reads nor writes. */
  isFrozen = false
  readonly #sent = new SendLimit()
  #lastBeatMs: number
  #watch: Scheduled | undefined
  #closing: number | undefined

  constructor(hub: Hub, transport: Transport, resumeUrl: string) {
    this.hub = hub
    this.transport = transport
    this.resumeUrl = resumeUrl
    this.#lastBeatMs = hub.scheduler.now()
  }

  /** The close code, once the server has sent one. */
  get closing(): number | undefined {
    return this.#closing
  }

  /** Greets the client, and begins to wait for its heartbeats. */
  start(): void {
    const { options, fleetHint } = this.hub
    this.control(opcodes.hello, {
      heartbeat_interval: options.heartbeatIntervalMs,
      _trace: ['mock'],
      ...(fleetHint !== undefined && { fleet_hint: fleetHint }),
    })
    this.#watchBeats()
  }

  receive(text: string, bytes: number): void {
    if (this.#closing !== undefined) return
    const refusal = this.#take(text, bytes)
    if (refusal === 'invalid-session') this.invalidate(false)
    else if (refusal) this.close(refusal)
  }

  control(op: number, d?: unknown): void {
    this.transport.send(controlFrame(op, d))
  }

  sendDispatch(dispatch: Dispatch): void {
    this.hub.counters.count('dispatched')
    this.transport.send(dispatchFrame(dispatch))
  }

  superseded(): void {
    this.session = undefined
    this.transport.terminate()
  }

  /** Takes the session away, to be resumed or not, and says so. */
  invalidate(resumable: boolean): void {
    const { session } = this
    this.session = undefined
    if (session && resumable) this.hub.sessions.detach(session)
    else if (session) this.hub.sessions.end(session)
    this.control(opcodes.invalidSession, resumable)
  }

  close([code, reason]: CloseReason | readonly [code: number, reason: string]): void {
    this.#closing ??= code
    this.transport.close(code, reason)
    this.#leave(sessionEndingCodes.has(code))
  }

  /** The socket has gone; a client that said goodbye wants its session no more. */
  closed(code: number): void {
    this.#watch?.cancel()
    this.#leave(this.#closing === undefined && (code === 1000 || code === 1001))
  }

  #leave(forGood: boolean): void {
    this.#watch?.cancel()
    const { session } = this
    this.session = undefined
    if (!session || session.connection !== this) return
    if (forGood) this.hub.sessions.end(session)
    else this.hub.sessions.detach(session)
  }

  #take(text: string, bytes: number): Refusal | undefined {
    const { scheduler, options } = this.hub
    const frame = bytes > options.maxPayloadBytes ? undefined : parse(text)
    if (!frame) return closeCodes.decodeError
    const { sendLimit, sendWindowMs } = options
    if (!this.#mayBeat(frame.op) && !this.#sent.take(scheduler.now(), sendLimit, sendWindowMs)) {
      return closeCodes.rateLimited
    }
    return this.#handle(frame.op, frame.d)
  }

  #handle(op: unknown, d: unknown): Refusal | undefined {
    switch (op) {
      case opcodes.heartbeat:
        this.#lastBeatMs = this.hub.scheduler.now()
        this.hub.counters.count('heartbeats')
        if (this.acks && this.hub.options.acks) this.control(opcodes.heartbeatAck)
        return undefined
      case opcodes.identify:
      case opcodes.resume:
        if (this.session) return closeCodes.alreadyAuthenticated
        return op === opcodes.identify ? identify(this, d) : resume(this, d)
      default: {
        const command = commands[op as number]
        if (!command) return closeCodes.unknownOpcode
        if (!this.session) return closeCodes.notAuthenticated
        return command(this.hub, this.session, d) ? undefined : closeCodes.decodeError
      }
    }
  }

  // A client that beats as it was told must not be closed for it, however short the interval.
  #mayBeat(op: unknown): boolean {
    if (op !== opcodes.heartbeat) return false
    const sinceMs = this.hub.scheduler.now() - this.#lastBeatMs
    return sinceMs >= this.hub.options.heartbeatIntervalMs / 2
  }

  #watchBeats(): void {
    const { scheduler, options } = this.hub
    const dueMs = this.#lastBeatMs + options.heartbeatIntervalMs + options.heartbeatGraceMs
    const leftMs = dueMs - scheduler.now()
    if (leftMs <= 0) this.close(closeCodes.sessionTimedOut)
    else this.#watch = scheduler.schedule(() => this.#watchBeats(), leftMs)
  }
}

function parse(text: string): { readonly op: unknown; readonly d: unknown } | undefined {
  try {
    const frame: unknown = JSON.parse(text)
    if (typeof frame !== 'object' || frame === null || Array.isArray(frame)) return undefined
    return frame as { op: unknown; d: unknown }
  } catch {
    return undefined
  }
}
