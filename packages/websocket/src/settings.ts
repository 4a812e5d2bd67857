import { checkNumber, systemClock, systemRandom } from '@evenkeel/core'
import { defaultCloseCodes } from './close-codes.ts'
import type { WebSocketConstructor } from './inner-socket.ts'
import type { Provided, SocketOptions } from './options.ts'
import { browserSignals } from './platform-signals.ts'
import { socketUrl } from './socket-url.ts'

/** What a dial connects to. */
export interface Target {
  readonly url: Provided<string | URL>
  readonly protocols: Provided<string | readonly string[]>
}

/** The options with all defaults, checked. */
export type Settings = ReturnType<typeof settingsOf>

/** Checks and completes the options of a socket. @throws `RangeError`, and `SyntaxError` for a URL of no use */
export function settingsOf({ url, protocols }: Target, options: SocketOptions) {
  const {
    connectTimeoutMs = 10_000,
    closeTimeoutMs = 3000,
    reconnect = {},
    heartbeat,
    queue = {},
    priority = 'important',
    signals = browserSignals(),
    clock = systemClock,
    random = systemRandom,
    ...rest
  } = options
  const fixed = typeof url === 'function' ? undefined : socketUrl(url)
  if (typeof protocols !== 'function') checkProtocols([protocols].flat())
  const {
    firstWindowMs = 5000,
    growth = 4,
    minDelayMs = 250,
    maxDelayMs = 30_000,
    herdWindowMs = 60_000,
    maxHerdDelayMs = 300_000,
    maxRetries = Infinity,
    closeCodes,
    minUptimeMs = 5000,
    whileHidden = false,
  } = reconnect || { maxRetries: 0 }
  const {
    maxMessages = 1000,
    maxBytes = 1_048_576,
    overflow = 'reject',
    ttlMs = 30_000,
    highWaterBytes = 524_288,
  } = queue
  const { intervalMs = 30_000, timeoutMs = 10_000, message = undefined } = heartbeat ?? {}
  const check = (values: Record<string, number>, min: number): void => {
    for (const [name, value] of Object.entries(values)) checkNumber('websocket', name, value, min)
  }
  check({ connectTimeoutMs, closeTimeoutMs, growth, intervalMs, timeoutMs }, 1)
  check({ firstWindowMs, minDelayMs, maxRetries, minUptimeMs, maxMessages, maxBytes, ttlMs }, 0)
  check({ highWaterBytes, herdWindowMs }, 0)
  checkNumber(
    'websocket',
    'maxDelayMs',
    maxDelayMs,
    minDelayMs,
    Number.MAX_VALUE,
    `finite and ≥ minDelayMs (${minDelayMs})`,
  )
  checkNumber(
    'websocket',
    'maxHerdDelayMs',
    maxHerdDelayMs,
    maxDelayMs,
    Number.MAX_VALUE,
    `finite and ≥ maxDelayMs (${maxDelayMs})`,
  )
  const Inner = rest.WebSocket ?? (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket
  if (heartbeat && message === undefined && Inner && !rest.headers && !Inner.prototype?.ping)
    throw new TypeError('websocket: heartbeat.message is needed: this WebSocket sends no pings')
  return {
    ...rest,
    url: fixed ?? url,
    fixedUrl: fixed,
    protocols,
    connectTimeoutMs,
    closeTimeoutMs,
    priority,
    signals,
    clock,
    random,
    minUptimeMs,
    whileHidden,
    rules: {
      firstWindowMs,
      growth,
      minDelayMs,
      maxDelayMs,
      herdWindowMs,
      maxHerdDelayMs,
      maxRetries,
      closeCodes: { ...defaultCloseCodes, ...rest.session?.closeCodes, ...closeCodes },
      canRefresh: [url, protocols, rest.headers].some((each) => typeof each === 'function'),
    },
    queue: { maxMessages, maxBytes, overflow, ttlMs, highWaterBytes },
    pulse: heartbeat && { intervalMs, timeoutMs, message },
  }
}

/** A list of subprotocols is one of distinct tokens (RFC 6455 §4.1). */
function checkProtocols(protocols: readonly string[]): void {
  const areTokens = protocols.every((each) => /^[\w!#$%&'*+.^`|~-]+$/.test(each))
  if (!areTokens || new Set(protocols).size < protocols.length)
    throw new DOMException('websocket: the protocols must be distinct tokens', 'SyntaxError')
}
