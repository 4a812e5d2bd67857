import type { APIGuild, APIGuildMember, APIUser, APIVoiceState } from 'discord-api-types/v10'
import { memberPayload } from './guild-payload.ts'
import { timestampOf } from './snowflakes.ts'

/** A guild, its members, and who of them is in a voice channel. */
export class Guild {
  readonly data: APIGuild
  readonly voice = new Map<string, APIVoiceState>()
  readonly #changed = new Map<string, Partial<APIGuildMember>>()

  constructor(data: APIGuild) {
    this.data = data
  }

  /** Everyone the server knows is a member. */
  member(user: APIUser): APIGuildMember {
    const joinedAt = new Date(timestampOf(user.id)).toISOString()
    return { ...memberPayload(user, joinedAt), ...this.#changed.get(user.id) }
  }

  update(user: APIUser, change: Partial<APIGuildMember>): APIGuildMember {
    this.#changed.set(user.id, { ...this.#changed.get(user.id), ...change })
    return this.member(user)
  }
}
