import type { Connection } from './connection.ts'
import { tellHint } from './hint-channel.ts'
import { credentialOf } from './identify.ts'
import { closeCodes, type Refusal } from './opcodes.ts'

/** Takes a session up again: what it missed, in order, then RESUMED; op 9 when that can't be. */
export function resume(connection: Connection, d: unknown): Refusal | undefined {
  const { hub } = connection
  const { sessions, tokens, counters, options } = hub
  if (typeof d !== 'object' || d === null) return closeCodes.decodeError
  const { token, session_id: id, seq } = d as Record<string, unknown>
  if (typeof token !== 'string' || typeof id !== 'string') {
    return closeCodes.decodeError
  }
  const credential = credentialOf(token)
  if (tokens && !tokens.has(credential.slice(4))) {
    return closeCodes.authenticationFailed
  }
  const session = sessions.find(id, credential)
  if (!session) {
    counters.count('resumesRefused')
    return 'invalid-session'
  }
  if (!Number.isSafeInteger(seq)) return closeCodes.invalidSequence
  const missed = session.missedSince(seq as number, options.maxReplay)
  if (missed === 'ahead') return closeCodes.invalidSequence
  if (missed === 'too-late') {
    counters.count('resumesRefused')
    sessions.end(session)
    return 'invalid-session'
  }
  sessions.attach(session, connection)
  connection.session = session
  counters.count('resumes')
  counters.count('replayed', missed.length)
  for (const dispatch of missed) connection.sendDispatch(dispatch)
  session.dispatch('RESUMED', JSON.stringify({ _trace: ['mock'] }), options.maxReplay)
  tellHint(hub, session)
  return undefined
}
