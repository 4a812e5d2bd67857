import { checkNumber } from '@evenkeel/core'
import type { SessionKind } from '../session.ts'
import { NumberedSession } from './numbered-session.ts'
import type { SessionProtocol } from './protocol.ts'

/** What {@link protocolSession} can be told. */
export interface ProtocolSessionOptions {
  /** How long each answer of the handshake may take. @defaultValue 10_000 */
  readonly handshakeTimeoutMs?: number | undefined
  /** How many messages may be out unacknowledged; further ones wait in the queue. @defaultValue 1000 */
  readonly maxUnacknowledged?: number | undefined
  /** How many bytes. @defaultValue 1_048_576 */
  readonly maxUnacknowledgedBytes?: number | undefined
  /** After how many received messages they are acknowledged at once. @defaultValue 16 */
  readonly acknowledgeEvery?: number | undefined
  /** How long an acknowledgement may be put off. @defaultValue 250 */
  readonly acknowledgeAfterMs?: number | undefined
}

/** The settings of a session, complete. */
export type SessionRules = { readonly [K in keyof ProtocolSessionOptions]-?: number }

/**
 * Makes sessions that outlive connections out of the words of a protocol: says hello, identifies or
 * resumes, counts both ways, drops what comes twice, keeps and repeats what the server does not have.
 *
 * @throws `RangeError` for a bad option
 */
export function protocolSession(
  makeProtocol: () => SessionProtocol,
  {
    handshakeTimeoutMs = 10_000,
    maxUnacknowledged = 1000,
    maxUnacknowledgedBytes = 1_048_576,
    acknowledgeEvery = 16,
    acknowledgeAfterMs = 250,
  }: ProtocolSessionOptions = {},
): SessionKind {
  const rules = {
    handshakeTimeoutMs,
    maxUnacknowledged,
    maxUnacknowledgedBytes,
    acknowledgeEvery,
    acknowledgeAfterMs,
  }
  for (const [name, value] of Object.entries(rules)) checkNumber('session', name, value, 1)
  return {
    closeCodes: makeProtocol().closeCodes,
    start: (host) => new NumberedSession(makeProtocol(), rules, host),
  }
}
