import { heartbeat } from '../heartbeat.ts'
import type { Loss } from '../loss.ts'
import type { SocketData } from '../outbound-queue.ts'
import type { Settle } from '../send-options.ts'
import type { Session, SessionHost } from '../session.ts'
import { Acknowledger } from './acknowledger.ts'
import { Handshake } from './handshake.ts'
import { Ledger } from './ledger.ts'
import type { Frame, SessionProtocol } from './protocol.ts'
import type { SessionRules } from './protocol-session.ts'
import { sendOn } from './send-on.ts'

/** Of how many lost dials in a row the session's own address is tried before the app's. */
const ownAddressDials = 2

/** A connection is given up with this code where the protocol names none: 4000 to 4999 are free for that. */
const giveUpCode = 4000

/** A session that counts its messages. */
export class NumberedSession implements Session {
  readonly #protocol: SessionProtocol
  readonly #rules: SessionRules
  readonly #host: SessionHost
  readonly #ledger: Ledger
  readonly #handshake: Handshake
  #isReady = false
  #decode: ((data: unknown) => unknown) | undefined
  readonly #acknowledger: Acknowledger | undefined

  constructor(protocol: SessionProtocol, rules: SessionRules, host: SessionHost) {
    this.#protocol = protocol
    this.#rules = rules
    this.#host = host
    this.#ledger = new Ledger(host)
    this.#handshake = new Handshake(protocol, rules.handshakeTimeoutMs, host, (reason) =>
      this.#giveUp(reason),
    )
    if (protocol.acknowledge)
      this.#acknowledger = new Acknowledger(rules, host.settings.clock, () =>
        sendOn(host, protocol.acknowledge?.(this.#ledger.facts) as SocketData),
      )
  }

  get keeps(): boolean {
    return this.#protocol.number !== undefined
  }

  get abandonCode(): number | undefined {
    return this.#protocol.abandonCode
  }

  get binaryType(): string | undefined {
    return this.#protocol.binaryType
  }

  address(url: string, attempt: number): string {
    const facts = this.#ledger.facts
    const resumeUrl = attempt > ownAddressDials + 1 ? undefined : facts.resumeUrl
    return this.#protocol.address?.(url, { ...facts, resumeUrl }, attempt) ?? url
  }

  opened(): void {
    this.#decode = this.#protocol.decoder?.()
    this.#handshake.expect('no hello')
  }

  received(data: unknown): void {
    let frame: Frame | undefined
    try {
      frame = this.#protocol.read(this.#decode ? this.#decode(data) : data)
    } catch (error) {
      this.#giveUp(`unreadable: ${String(error)}`)
      return
    }
    if (frame) this.#take(frame)
  }

  check(data: SocketData): void {
    this.#protocol.check?.(data)
  }

  hasRoom(): boolean {
    const { maxUnacknowledged, maxUnacknowledgedBytes } = this.#rules
    return (
      this.#protocol.pace?.hasRoom(this.#host.settings.clock.now()) !== false &&
      this.#ledger.kept.size < maxUnacknowledged &&
      this.#ledger.kept.bytes < maxUnacknowledgedBytes
    )
  }

  outgoing(data: SocketData, settle: Settle | undefined): SocketData {
    const { number, pace } = this.#protocol
    pace?.take(this.#host.settings.clock.now())
    if (!number) return data
    const frame = this.#ledger.keep(data, (n) => number.call(this.#protocol, data, n), settle)
    sendOn(this.#host, frame)
    return frame
  }

  ended({ cause, code }: Loss, isKnownSent: boolean): void {
    this.#stopTimers()
    this.#isReady = false
    if (isKnownSent) this.#ledger.acknowledged()
    if (cause === 'server' && this.#protocol.endsSession?.includes(code))
      this.#lose(`closed with ${code}`)
  }

  closed(): void {
    this.#stopTimers()
    this.#ledger.end('SOCKET_CLOSED', 'The socket closed before the server had the message')
  }

  #take(frame: Frame): void {
    const { hello, started, resumed, refused, acknowledged } = frame
    if (hello) this.#greeted(hello.heartbeatMs)
    if (frame.heartbeat) sendOn(this.#host, this.#protocol.heartbeat(this.#ledger.facts))
    if (frame.heartbeatAnswer) this.#host.line.heard()
    if (acknowledged !== undefined) this.#ledger.acknowledged(acknowledged)
    if (started) {
      this.#ledger.begin(started.id, started.resumeUrl)
      this.#ready()
      this.#host.tell('sessionStarted', { id: started.id })
    }
    if (resumed) {
      if (resumed.received !== undefined) this.#ledger.acknowledged(resumed.received)
      for (const { frame: each } of this.#ledger.kept.all()) sendOn(this.#host, each)
      this.#ready()
      this.#host.tell('sessionResumed', { id: this.#ledger.id as string })
    }
    this.#deliver(frame)
    if (started || resumed) this.#host.ready()
    if (refused) this.#refused(refused)
    if (frame.reconnect) this.#giveUp('the server asked for a reconnect')
  }

  #deliver(frame: Frame): void {
    const { sequence } = frame
    if (sequence !== undefined) {
      const isAgain = sequence <= this.#ledger.received
      if (this.#protocol.isContiguous && sequence > this.#ledger.received + 1 && this.#isReady)
        this.#host.tell('gap', { from: this.#ledger.received + 1, to: sequence - 1 })
      if (!isAgain) this.#ledger.received = sequence
      this.#acknowledger?.took()
      if (isAgain) return
    }
    if (frame.message !== undefined) this.#host.tell('message', { data: frame.message })
  }

  #greeted(heartbeatMs: number): void {
    this.#host.beat(
      heartbeat({
        intervalMs: heartbeatMs,
        // A server in its bad hour answers late; only a beat without any answer before the next is a dead line.
        timeoutMs: heartbeatMs,
        leastTimeoutMs: heartbeatMs,
        message: () => this.#protocol.heartbeat(this.#ledger.facts),
      }),
    )
    const { id } = this.#ledger.facts
    if (id === undefined) this.#handshake.identify()
    else {
      sendOn(this.#host, this.#protocol.resume({ ...this.#ledger.facts, id }))
      this.#handshake.expect('no answer to resume')
    }
  }

  #refused({ isResumable, wants }: NonNullable<Frame['refused']>): void {
    if (!isResumable) this.#lose('refused by the server')
    if (wants === 'identify') this.#handshake.identify()
    else {
      this.#host.comeback.advise({ retryAfterMs: 1000 })
      this.#giveUp('the server refused the session')
    }
  }

  #ready(): void {
    this.#handshake.stop()
    this.#isReady = true
  }

  /** The session is gone: what the server may or may not have of it is told, and not repeated in another. */
  #lose(reason: string): void {
    const { id, kept } = this.#ledger
    if (id === undefined) return
    const undelivered = kept.size
    this.#ledger.end('SESSION_LOST', 'The session ended before the server had the message')
    this.#host.delivery.dropBound()
    this.#host.tell('sessionLost', { id, reason, undelivered })
  }

  #giveUp(reason: string): void {
    this.#host.hangUp(this.#protocol.abandonCode ?? giveUpCode, reason)
  }

  #stopTimers(): void {
    this.#handshake.stop()
    this.#acknowledger?.stop()
    this.#decode = undefined
  }
}
