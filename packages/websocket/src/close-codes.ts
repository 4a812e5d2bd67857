/**
 * What a close code says about coming back: `retry`, never (`stop`), once with new credentials
 * (`refresh`), or after a time drawn from a window of `[fromMs, toMs]` that the server's restart takes.
 */
export type CloseRule = 'retry' | 'stop' | 'refresh' | readonly [fromMs: number, toMs: number]

/** Rules by close code; what is not listed is retried. */
export type CloseCodes = Readonly<Record<number, CloseRule>>

/**
 * The rules of the registry's codes (RFC 6455 §7.4.1; IANA WebSocket Close Code Number Registry).
 *
 * 1000 and 1005 from a server are retried: proxies send them when they restart.
 */
export const defaultCloseCodes: CloseCodes = {
  1001: [0, 30_000],
  1002: 'stop',
  1003: 'stop',
  1007: 'stop',
  1008: 'stop',
  1009: 'stop',
  1010: 'stop',
  // "should reconnect using a randomized delay of 5 - 30s": the text registered for 1012.
  1012: [5000, 30_000],
  1013: [30_000, 60_000],
  1015: 'stop',
  3000: 'refresh',
  3003: 'stop',
}

/** The codes of the Discord gateway that no reconnect mends. */
export const discordCloseCodes: CloseCodes = {
  4004: 'stop',
  4010: 'stop',
  4011: 'stop',
  4012: 'stop',
  4013: 'stop',
  4014: 'stop',
}

/** The codes that the graphql-transport-ws protocol calls fatal. */
export const graphqlWsCloseCodes: CloseCodes = {
  4004: 'stop',
  4005: 'stop',
  4400: 'stop',
  4401: 'refresh',
  4406: 'stop',
  4409: 'stop',
  4429: 'stop',
  4500: 'stop',
}
