import { checkNumber, systemClock, systemRandom } from '@evenkeel/core'
import { browserSignals } from '@evenkeel/core/network'
import { timesOf } from '#platform'
import { defaultCloseCodes } from './close-codes.ts'
import { defaultConnectRules } from './default-connect-rules.ts'
import type { Provided, SocketOptions } from './options.ts'
import type { Overflow } from './outbound-queue.ts'
import { socketUrl } from './socket-url.ts'

/** What a dial connects to. */
export interface Target {
  readonly url: Provided<string | URL>
  readonly protocols: Provided<string | readonly string[]>
}

/** The options with all defaults, checked. */
export type Settings = ReturnType<typeof settingsOf>

/** Checks and completes the options of a socket, as one bag. @throws `RangeError`, and `SyntaxError` for a URL of no use */
export function settingsOf({ url, protocols }: Target, options: SocketOptions) {
  const { reconnect, queue, session, headers, heartbeat, WebSocket } = options
  const {
    signals = browserSignals(),
    clock = systemClock,
    random = systemRandom,
    closeCodes,
    ...rest
  } = { ...options, ...(reconnect === false ? { maxRetries: 0 } : reconnect), ...queue }
  const fixed = typeof url === 'function' ? undefined : socketUrl(url)
  if (typeof protocols !== 'function') checkProtocols([protocols].flat())
  if (!headers) heartbeat?.check(WebSocket)
  return {
    ...rest,
    ...completed(rest),
    url: fixed ?? url,
    fixedUrl: fixed,
    protocols,
    signals,
    ...timesOf(clock),
    random,
    closeCodes:
      session?.closeCodes || closeCodes
        ? { ...defaultCloseCodes, ...session?.closeCodes, ...closeCodes }
        : defaultCloseCodes,
    canRefresh: [url, protocols, headers].some((each) => typeof each === 'function'),
  }
}

const standard = {
  ...defaultConnectRules,
  minUptimeMs: 5000,
  whileHidden: false,
  connectTimeoutMs: 10_000,
  closeTimeoutMs: 3000,
  maxMessages: 1000,
  maxBytes: 1_048_576,
  overflow: 'reject' as Overflow,
  ttlMs: 30_000,
  highWaterBytes: 524_288,
}

type Standard = typeof standard

/** The least that makes sense, where that is not 0, or the option that has it. */
const least: Readonly<Record<string, number | string>> = {
  growth: 1,
  connectTimeoutMs: 1,
  closeTimeoutMs: 1,
  maxDelayMs: 'minDelayMs',
  maxHerdDelayMs: 'maxDelayMs',
}

/** The options that have a standard value, with it where they are not given; numbers are checked. */
function completed(given: { readonly [each in keyof Standard]?: unknown }): Standard {
  const complete: Record<string, unknown> = {}
  let name: keyof Standard
  for (name in standard) {
    const { [name]: value = standard[name] } = given
    complete[name] = value
    if (typeof standard[name] !== 'number') continue
    const { [name]: bound = 0 } = least
    const min = complete[bound] as number
    if (typeof bound === 'number') checkNumber('websocket', name, value, bound)
    else
      checkNumber('websocket', name, value, min, Number.MAX_VALUE, `finite and ≥ ${bound} (${min})`)
  }
  return complete as unknown as Standard
}

/** A list of subprotocols is one of distinct tokens (RFC 6455 §4.1). */
function checkProtocols(protocols: readonly string[]): void {
  const areTokens = protocols.every((each) => /^[\w!#$%&'*+.^`|~-]+$/.test(each))
  if (!areTokens || new Set(protocols).size < protocols.length)
    throw new DOMException('websocket: the protocols must be distinct tokens', 'SyntaxError')
}
