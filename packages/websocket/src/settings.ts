import { backgroundClock, checkNumber, systemClock, systemRandom } from '@evenkeel/core'
import { browserSignals } from '@evenkeel/core/network'
import { defaultConnectRules } from './default-connect-rules.ts'
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

/** Checks and completes the options of a socket. @throws `RangeError`, and `SyntaxError` for a URL of no use */
export function settingsOf({ url, protocols }: Target, options: SocketOptions) {
  const {
    reconnect = {},
    queue = {},
    signals = browserSignals(),
    clock = systemClock,
    random = systemRandom,
    ...rest
  } = options
  const fixed = typeof url === 'function' ? undefined : socketUrl(url)
  if (typeof protocols !== 'function') checkProtocols([protocols].flat())
  const { closeCodes, whileHidden = false, ...windows } = reconnect || { maxRetries: 0 }
  const { overflow = 'reject', ...limits } = queue
  const { closeCodes: standardCodes, canRefresh: _, ...standard } = defaultConnectRules
  const rules = numbers(windows, { ...standard, minUptimeMs: 5000 })
  const bounded = (name: keyof typeof rules, least: keyof typeof rules): void => {
    const min = rules[least]
    const must = `finite and ≥ ${least} (${min})`
    checkNumber('websocket', name, rules[name], min, Number.MAX_VALUE, must)
  }
  bounded('maxDelayMs', 'minDelayMs')
  bounded('maxHerdDelayMs', 'maxDelayMs')
  const Inner = rest.WebSocket ?? (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket
  if (rest.heartbeat?.sendsPings && Inner && !rest.headers && !Inner.prototype?.ping)
    throw new TypeError('websocket: heartbeat.message is needed: this WebSocket sends no pings')
  return {
    ...rest,
    ...numbers(rest, { connectTimeoutMs: 10_000, closeTimeoutMs: 3000 }),
    url: fixed ?? url,
    fixedUrl: fixed,
    origin: fixed && rest.dials ? originOf(fixed) : undefined,
    protocols,
    signals,
    clock: clock === systemClock ? backgroundClock : clock,
    /** A clock of the app's own decides by itself what keeps a process alive. */
    keepsAlive: clock === systemClock,
    random,
    whileHidden,
    rules: {
      ...rules,
      closeCodes:
        rest.session?.closeCodes || closeCodes
          ? { ...standardCodes, ...rest.session?.closeCodes, ...closeCodes }
          : standardCodes,
      canRefresh: [url, protocols, rest.headers].some((each) => typeof each === 'function'),
    },
    queue: {
      overflow,
      ...numbers(limits, {
        maxMessages: 1000,
        maxBytes: 1_048_576,
        ttlMs: 30_000,
        highWaterBytes: 524_288,
      }),
    },
  }
}

/** The least that makes sense, where that is not 0. */
const least: Readonly<Record<string, number>> = {
  growth: 1,
  connectTimeoutMs: 1,
  closeTimeoutMs: 1,
}

/** Completes and checks the numbers of an option. */
function numbers<K extends string>(
  given: { readonly [each in NoInfer<K>]?: number | undefined },
  standard: Readonly<Record<K, number>>,
): Record<K, number> {
  const complete = {} as Record<K, number>
  for (const name in standard) {
    const { [name]: value = standard[name] } = given
    checkNumber('websocket', name, value, least[name] ?? 0)
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
