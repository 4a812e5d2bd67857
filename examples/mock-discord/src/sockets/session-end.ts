import { leaveVoice } from '../store/voice-states.ts'
import type { Hub } from './hub.ts'
import { closeCodes } from './opcodes.ts'
import type { Session } from './session.ts'

/** Takes a user whose session is over out of voice, and offline with the last of them. */
export function sessionEnded({ store, sessions, presences }: Hub, session: Session): void {
  const { userId } = session.identity
  const user = store.users.get(userId)
  for (const guild of store.guilds.values()) {
    const isThere = guild.voice.get(userId)?.session_id === session.id
    if (user && isThere) leaveVoice(store, guild, user)
  }
  if (sessions.countOf(userId) === 0) presences.set(userId, { status: 'offline', activities: [] })
}

/** Ends every session of a bot, as Discord does when it resets a token. */
export function expel({ sessions }: Hub, credential: string): void {
  for (const session of [...sessions]) {
    if (session.identity.credential !== credential) continue
    session.connection?.close(closeCodes.authenticationFailed)
    sessions.end(session)
  }
}
