import { checkNumber } from '@evenkeel/core'
import { Unzlib } from 'fflate'
import { byteLength } from '../byte-length.ts'
import { discordCloseCodes } from '../close-codes.ts'
import type { SocketData } from '../outbound-queue.ts'
import type { SessionKind } from '../session.ts'
import type { IdentifyBudget } from './identify-budget.ts'
import { slidingPace } from './pace.ts'
import type { Admission, Frame, Pace, SessionFacts, SessionProtocol } from './protocol.ts'
import { protocolSession } from './protocol-session.ts'

/** What {@link discordGateway} can be told. */
export interface DiscordGatewayOptions {
  /** Of the bot, without `Bot `. */
  readonly token: string
  /** The bit field of the kinds of events to be sent. */
  readonly intents: number
  /** This shard, and how many there are. @defaultValue no shards */
  readonly shard?: readonly [id: number, count: number] | undefined
  /** @defaultValue `'zlib-stream'`: a fifth of the bytes */
  readonly compress?: 'zlib-stream' | false | undefined
  /** How many session starts are left, shared by all shards of a token. @defaultValue none: the server's limits alone hold */
  readonly identifyBudget?: IdentifyBudget | undefined
  /** More of the Identify payload: `presence`, `large_threshold`, `properties`. */
  readonly identify?: Readonly<Record<string, unknown>> | undefined
  /** Messages in 60 s; the gateway closes with 4008 above 120. @defaultValue 115: five are left for beats */
  readonly maxSendsPerMinute?: number | undefined
  /** How long each answer of the handshake may take. @defaultValue 10_000 */
  readonly handshakeTimeoutMs?: number | undefined
}

/** The longest payload the gateway takes; a longer one is answered with 4002. */
const maxPayloadBytes = 4096

/**
 * Sessions of the Discord gateway, v10 with JSON: resumes at the address the gateway names, beats as it
 * says, and gives a connection up in a way that keeps the session. `message` events carry the parsed
 * payloads of dispatches, `{ op, t, s, d }`; `send` takes payloads as JSON.
 *
 * {@link https://docs.discord.com/developers/events/gateway}
 *
 * @throws `RangeError` for a bad option, `TypeError` without a token
 */
export function discordGateway(options: DiscordGatewayOptions): SessionKind {
  const { token, intents, shard = [0, 1], maxSendsPerMinute = 115, handshakeTimeoutMs } = options
  if (typeof token !== 'string' || token === '')
    throw new TypeError('discordGateway: token must be the token of a bot')
  checkNumber('discordGateway', 'intents', intents, 0)
  checkNumber('discordGateway', 'shard[1]', shard[1], 1)
  checkNumber('discordGateway', 'shard[0]', shard[0], 0, shard[1] - 1)
  checkNumber('discordGateway', 'maxSendsPerMinute', maxSendsPerMinute, 1, 115)
  return protocolSession(() => new DiscordProtocol(options, shard, maxSendsPerMinute), {
    handshakeTimeoutMs,
  })
}

class DiscordProtocol implements SessionProtocol {
  readonly closeCodes = discordCloseCodes
  // Not authenticated, invalid sequence, session timed out; no session outlives the fatal ones either.
  readonly endsSession = [4003, 4007, 4009, ...Object.keys(discordCloseCodes).map(Number)]
  // 1000 and 1001 would end the session; this one lives on.
  readonly abandonCode = 4000
  readonly binaryType = 'arraybuffer'
  readonly isContiguous = false
  // "completely close the connection and open a new one": the gateway's documentation of resuming.
  readonly resumesInUse = false
  readonly pace: Pace
  readonly #options: DiscordGatewayOptions
  readonly #shard: readonly [number, number]

  constructor(
    options: DiscordGatewayOptions,
    shard: readonly [number, number],
    maxSendsPerMinute: number,
  ) {
    this.#options = options
    this.#shard = shard
    this.pace = slidingPace(maxSendsPerMinute, 60_000)
  }

  address(url: string, { resumeUrl }: SessionFacts): string {
    const address = new URL(resumeUrl ?? url)
    const { searchParams } = address
    searchParams.set('v', '10')
    searchParams.set('encoding', 'json')
    if (this.#options.compress !== false) searchParams.set('compress', 'zlib-stream')
    return address.href
  }

  decoder(): (data: unknown) => unknown {
    return this.#options.compress === false ? (data) => data : inflater()
  }

  read(data: unknown): Frame | undefined {
    if (data === undefined) return undefined
    const payload = JSON.parse(data as string)
    const { op, t, s, d } = payload
    switch (op) {
      case 0:
        return {
          sequence: s,
          message: payload,
          ...(t === 'READY' && { started: { id: d.session_id, resumeUrl: d.resume_gateway_url } }),
          ...(t === 'RESUMED' && { resumed: {} }),
        }
      case 1:
        return { heartbeat: true }
      case 7:
        return { reconnect: true }
      case 9:
        return { refused: { isResumable: d === true, wants: 'reconnect' } }
      case 10:
        return { hello: { heartbeatMs: d.heartbeat_interval } }
      case 11:
        return { heartbeatAnswer: true }
    }
    return undefined
  }

  identify(): SocketData {
    const { token, intents, identify } = this.#options
    const properties = { os: 'unknown', browser: 'evenkeel', device: 'evenkeel' }
    const d = { properties, ...identify, token, intents, shard: this.#shard }
    return JSON.stringify({ op: 2, d })
  }

  async admit(signal: AbortSignal): Promise<Admission> {
    const { identifyBudget } = this.#options
    return identifyBudget ? identifyBudget.take(this.#shard[0], signal) : { isAdmitted: true }
  }

  resume({ id, received }: SessionFacts): SocketData {
    const d = { token: this.#options.token, session_id: id, seq: received }
    return JSON.stringify({ op: 6, d })
  }

  heartbeat({ received }: SessionFacts): SocketData {
    return JSON.stringify({ op: 1, d: received || null })
  }

  check(data: SocketData): void {
    const bytes = byteLength(data)
    if (bytes > maxPayloadBytes)
      throw new RangeError(
        `discordGateway: a payload may have ${maxPayloadBytes} bytes, this one has ${bytes}`,
      )
  }
}

/** Inflates the one stream of a connection: each message of it ends where the stream was flushed. */
function inflater(): (data: unknown) => string | undefined {
  const text = new TextDecoder()
  let parts: Uint8Array[] = []
  const stream = new Unzlib((part) => parts.push(part))
  return (data) => {
    const bytes = new Uint8Array(data as ArrayBuffer)
    stream.push(bytes)
    const end = bytes.length - 4
    const isFlush = end >= 0 && bytes[end] === 0 && bytes[end + 1] === 0 && bytes[end + 2] === 0xff
    if (!(isFlush && bytes[end + 3] === 0xff)) return undefined
    const whole = parts.map((part, index) =>
      text.decode(part, { stream: index < parts.length - 1 }),
    )
    parts = []
    return whole.join('')
  }
}
