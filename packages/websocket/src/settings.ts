import { backgroundClock, checkNumber, systemClock, systemRandom } from '@evenkeel/core'
import { browserSignals } from '@evenkeel/core/network'
import { defaultCloseCodes } from './close-codes.ts'
import { defaultConnectNumbers } from './default-connect-rules.ts'
import type { WebSocketConstructor } from './inner-socket.ts'
import type { Provided, SocketOptions } from './options.ts'
import { originOf, socketUrl } from './socket-url.ts'

/** What a dial connects to. */
export interface Target {
  readonly url: Provided<string | URL>
  readonly protocols: Provided<string | readonly string[]>
}

/** The options with all defaults, checked. */
export type Settings = ReturnType<typeof settingsOf>

/** Checks and completes the options of a socket, as one bag. @throws `RangeError`, and `SyntaxError` for a URL of no use */
export function settingsOf({ url, protocols }: Target, options: SocketOptions) {
  const { reconnect, queue, session, headers, heartbeat } = options
  const {
    signals = browserSignals(),
    clock = systemClock,
    random = systemRandom,
    overflow = 'reject',
    whileHidden = false,
    closeCodes,
    ...rest
  } = { ...options, ...(reconnect === false ? { maxRetries: 0 } : reconnect), ...queue }
  const fixed = typeof url === 'function' ? undefined : socketUrl(url)
  if (typeof protocols !== 'function') checkProtocols([protocols].flat())
  const Inner = rest.WebSocket ?? (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket
  if (heartbeat?.sendsPings && Inner && !headers && !Inner.prototype?.ping)
    throw new TypeError('websocket: heartbeat.message is needed: this WebSocket sends no pings')
  return {
    ...rest,
    ...numbersOf(rest),
    url: fixed ?? url,
    fixedUrl: fixed,
    origin: fixed && rest.dials ? originOf(fixed) : undefined,
    protocols,
    signals,
    clock: clock === systemClock ? backgroundClock : clock,
    /** A clock of the app's own decides by itself what keeps a process alive. */
    keepsAlive: clock === systemClock,
    random,
    overflow,
    whileHidden,
    closeCodes:
      session?.closeCodes || closeCodes
        ? { ...defaultCloseCodes, ...session?.closeCodes, ...closeCodes }
        : defaultCloseCodes,
    canRefresh: [url, protocols, headers].some((each) => typeof each === 'function'),
  }
}

const standard = {
  ...defaultConnectNumbers,
  minUptimeMs: 5000,
  connectTimeoutMs: 10_000,
  closeTimeoutMs: 3000,
  maxMessages: 1000,
  maxBytes: 1_048_576,
  ttlMs: 30_000,
  highWaterBytes: 524_288,
}

type Name = keyof typeof standard

/** The least that makes sense, where that is not 0. */
const least: Readonly<Record<string, number>> = {
  growth: 1,
  connectTimeoutMs: 1,
  closeTimeoutMs: 1,
}

/** What must be finite, and at least another one. */
const leastBy: Readonly<Record<string, Name>> = {
  maxDelayMs: 'minDelayMs',
  maxHerdDelayMs: 'maxDelayMs',
}

/** Completes and checks the numbers among the options. */
function numbersOf(given: { readonly [each in Name]?: number | undefined }): Record<Name, number> {
  const complete = {} as Record<Name, number>
  let name: Name
  for (name in standard) {
    const { [name]: value = standard[name] } = given
    const other = leastBy[name]
    const min = other ? complete[other] : (least[name] ?? 0)
    const [max, must] = other ? [Number.MAX_VALUE, `finite and ≥ ${other} (${min})`] : []
    checkNumber('websocket', name, value, min, max, must)
    complete[name] = value
  }
  return complete
}

/** A list of subprotocols is one of distinct tokens (RFC 6455 §4.1). */
function checkProtocols(protocols: readonly string[]): void {
  const areTokens = protocols.every((each) => /^[\w!#$%&'*+.^`|~-]+$/.test(each))
  if (!areTokens || new Set(protocols).size < protocols.length)
    throw new DOMException('websocket: the protocols must be distinct tokens', 'SyntaxError')
}
