import { integer, number, oneOf, type Reader, whole } from '../options/readers.ts'

/** What happens to an upgrade instead of a handshake. */
export interface HandshakeFault {
  /** `refuse` answers with a status, `reset` cuts the TCP connection. */
  readonly kind: 'refuse' | 'reset'
  /** @defaultValue 503 */
  readonly status?: number | undefined
  /** As `Retry-After`, in whole seconds; none when absent. */
  readonly retryAfterMs?: number | undefined
  /** @defaultValue 1, every upgrade */
  readonly share?: number | undefined
  /** So many, then no more. */
  readonly count?: number | undefined
  readonly forMs?: number | undefined
}

/** Reads what happens to upgrades. */
export const readHandshakeFault: Reader<HandshakeFault> = whole<HandshakeFault>(
  {
    kind: oneOf('refuse', 'reset'),
    status: integer(400, 599),
    retryAfterMs: number(0),
    share: number(0, 1),
    count: integer(1),
    forMs: number(0),
  },
  ['kind'],
)
