import { heartbeat } from '../heartbeat.ts'
import type { Loss } from '../loss.ts'
import type { SocketData } from '../outbound-queue.ts'
import type { SessionLine, Talk } from '../session.ts'
import { Acknowledger } from './acknowledger.ts'
import { Handshake } from './handshake.ts'
import type { NumberedSession } from './numbered-session.ts'
import type { Frame } from './protocol.ts'
import { sendOn } from './send-on.ts'

/** A connection is given up with this code where the protocol names none: 4000 to 4999 are free for that. */
const giveUpCode = 4000

/** What a numbered session says on one connection. */
export class NumberedTalk implements Talk {
  readonly #session: NumberedSession
  readonly #line: SessionLine
  readonly #handshake: Handshake
  readonly #decode: ((data: unknown) => unknown) | undefined
  readonly #acknowledger: Acknowledger | undefined
  #isReady = false

  constructor(session: NumberedSession, line: SessionLine) {
    const { protocol, rules, host } = session
    this.#session = session
    this.#line = line
    this.#handshake = new Handshake(protocol, rules.handshakeTimeoutMs, host, line, (reason) =>
      this.#giveUp(reason),
    )
    this.#decode = protocol.decoder?.()
    if (protocol.acknowledge)
      this.#acknowledger = new Acknowledger(rules, host.settings.clock, () =>
        sendOn(line, protocol.acknowledge?.(session.ledger.facts) as SocketData),
      )
    this.#handshake.expect('no hello')
  }

  received(data: unknown): void {
    let frame: Frame | undefined
    try {
      frame = this.#session.protocol.read(this.#decode ? this.#decode(data) : data)
    } catch (error) {
      this.#giveUp(`unreadable: ${String(error)}`)
      return
    }
    if (frame) this.#take(frame)
  }

  ended({ cause, code }: Loss, isKnownSent: boolean): void {
    const { ledger, protocol } = this.#session
    this.#handshake.stop()
    this.#acknowledger?.stop()
    this.#isReady = false
    if (this.#session.line === this.#line) {
      this.#session.line = undefined
      if (isKnownSent) ledger.acknowledged()
    }
    const isEnd = cause === 'server' && protocol.endsSession?.includes(code)
    if (isEnd && !this.#isSuccessor) this.#session.lose(`closed with ${code}`)
  }

  #take(frame: Frame): void {
    const { ledger, host, protocol } = this.#session
    const { hello, started, resumed, refused, acknowledged } = frame
    if (hello) this.#greeted(hello.heartbeatMs)
    if (frame.heartbeat) sendOn(this.#line, protocol.heartbeat(ledger.facts))
    if (frame.heartbeatAnswer) this.#line.heard()
    if (acknowledged !== undefined) ledger.acknowledged(acknowledged)
    if (started) {
      ledger.begin(started.id, started.resumeUrl)
      this.#ready()
      host.tell('sessionStarted', { id: started.id })
    }
    if (resumed) {
      if (resumed.received !== undefined) ledger.acknowledged(resumed.received)
      for (const { frame: each } of ledger.kept.all()) sendOn(this.#line, each)
      this.#ready()
      host.tell('sessionResumed', { id: ledger.id as string })
    }
    this.#deliver(frame)
    if (started || resumed) this.#line.ready()
    if (refused) this.#refused(refused)
    if (frame.reconnect) this.#replace()
  }

  #deliver(frame: Frame): void {
    const { ledger, host, protocol } = this.#session
    const { sequence } = frame
    if (sequence !== undefined) {
      const isAgain = sequence <= ledger.received
      if (protocol.isContiguous && sequence > ledger.received + 1 && this.#isReady)
        host.tell('gap', { from: ledger.received + 1, to: sequence - 1 })
      if (!isAgain) ledger.received = sequence
      this.#acknowledger?.took()
      if (isAgain) return
    }
    if (frame.message !== undefined) host.tell('message', { data: frame.message })
  }

  #greeted(heartbeatMs: number): void {
    const { ledger, protocol } = this.#session
    this.#line.beat(
      heartbeat({
        intervalMs: heartbeatMs,
        // A server in its bad hour answers late; only a beat without any answer before the next is a dead line.
        timeoutMs: heartbeatMs,
        leastTimeoutMs: heartbeatMs,
        message: () => protocol.heartbeat(ledger.facts),
      }),
    )
    if (ledger.id === undefined) this.#handshake.identify()
    // While the session is in use, either the server moves it when it is resumed here, or its connection is closed before.
    else if (protocol.resumesInUse) this.#resume()
    else {
      this.#handshake.stop()
      const { rotation } = this.#session.host
      if (!this.#isSuccessor) this.#resume()
      else rotation?.relieve(this.#line, this.#session.abandonCode, () => this.#resume())
    }
  }

  #resume(): void {
    const { ledger, protocol } = this.#session
    const { facts } = ledger
    if (facts.id === undefined) {
      this.#handshake.identify()
      return
    }
    sendOn(this.#line, protocol.resume({ ...facts, id: facts.id }))
    this.#handshake.expect('no answer to resume')
  }

  #refused({ isResumable, wants }: NonNullable<Frame['refused']>): void {
    // Another connection still has the session: it is not for this one to end it.
    if (this.#isSuccessor) {
      this.#giveUp('the server refused the session')
      return
    }
    if (!isResumable) this.#session.lose('refused by the server')
    if (wants === 'identify') this.#handshake.identify()
    else {
      this.#session.host.comeback.advise({ retryAfterMs: 1000 })
      this.#giveUp('the server refused the session')
    }
  }

  #ready(): void {
    this.#handshake.stop()
    this.#isReady = true
    this.#session.line = this.#line
  }

  /** Whether another connection still has the session. */
  get #isSuccessor(): boolean {
    return this.#session.host.rotation?.isBeside(this.#line) ?? false
  }

  /** The server wants another connection. */
  #replace(): void {
    if (this.#line.phase === 'closing') return
    if (this.#isSuccessor || !this.#session.host.rotation?.begin(this.#line))
      this.#giveUp('the server asked for a reconnect')
  }

  #giveUp(reason: string): void {
    this.#line.end('server', { code: this.#session.abandonCode ?? giveUpCode, reason })
  }
}
