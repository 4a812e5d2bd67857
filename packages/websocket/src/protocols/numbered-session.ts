import type { Queued, SocketData } from '../outbound-queue.ts'
import type { Settle } from '../send-options.ts'
import type { Session, SessionHost, SessionLine, Talk } from '../session.ts'
import { Ledger } from './ledger.ts'
import { NumberedTalk } from './numbered-talk.ts'
import type { SessionProtocol } from './protocol.ts'
import type { SessionRules } from './protocol-session.ts'
import { sendOn } from './send-on.ts'

/** Of how many lost dials in a row the session's own address is tried before the app's. */
const ownAddressDials = 2

/** A session that counts its messages. */
export class NumberedSession implements Session {
  readonly protocol: SessionProtocol
  readonly rules: SessionRules
  readonly host: SessionHost
  readonly ledger: Ledger
  /** The connection on which the server has accepted it. */
  line: SessionLine | undefined

  constructor(protocol: SessionProtocol, rules: SessionRules, host: SessionHost) {
    this.protocol = protocol
    this.rules = rules
    this.host = host
    this.ledger = new Ledger(host)
  }

  get abandonCode(): number | undefined {
    return this.protocol.abandonCode
  }

  get binaryType(): string | undefined {
    return this.protocol.binaryType
  }

  address(url: string, attempt: number): string {
    const { facts } = this.ledger
    const resumeUrl = attempt > ownAddressDials + 1 ? undefined : facts.resumeUrl
    return this.protocol.address?.(url, { ...facts, resumeUrl }, attempt) ?? url
  }

  opened(line: SessionLine): Talk {
    return new NumberedTalk(this, line)
  }

  check(data: SocketData): void {
    this.protocol.check?.(data)
  }

  hasRoom(): boolean {
    const { maxUnacknowledged, maxUnacknowledgedBytes } = this.rules
    const { kept } = this.ledger
    return (
      this.protocol.pace?.hasRoom(this.host.settings.clock.now()) !== false &&
      kept.size < maxUnacknowledged &&
      kept.bytes < maxUnacknowledgedBytes
    )
  }

  outgoing(data: SocketData, settle: Settle | undefined): SocketData | undefined {
    const { number, pace } = this.protocol
    pace?.take(this.host.settings.clock.now())
    if (!number) return data
    const frame = this.ledger.keep(data, (n) => number.call(this.protocol, data, n), settle)
    sendOn(this.line, frame)
    return undefined
  }

  closed(): void {
    this.ledger.end('SOCKET_CLOSED', 'The socket closed before the server had the message')
  }

  /** The session is gone: what the server may or may not have of it is told, and not repeated in another. */
  lose(reason: string): void {
    const { id, kept } = this.ledger
    if (id === undefined) return
    const undelivered = kept.size
    this.ledger.end('SESSION_LOST', 'The session ended before the server had the message')
    const isBound = ({ options }: Queued): boolean => options.sessionBound === true
    this.host.delivery.queue?.dropWhere(isBound, 'sessionLost')
    this.host.tell('sessionLost', { id, reason, undelivered })
  }
}
