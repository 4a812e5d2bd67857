import type { APIUser } from 'discord-api-types/v10'
import { isSnowflake } from '../store/snowflakes.ts'
import type { Command } from './commands.ts'
import type { Hub } from './hub.ts'
import { intentBits } from './intents.ts'
import { opcodes } from './opcodes.ts'
import type { Session } from './session.ts'

interface Wish {
  readonly guildId: string
  readonly query: string | undefined
  readonly limit: number
  readonly userIds: readonly string[] | undefined
  readonly presences: boolean
  readonly nonce: string | undefined
}

/** In one chunk; clients take a smaller one for the last. */
const membersPerChunk = 1_000
/** At most this many for a query, or by id. */
const maxFound = 100

/** Sends members of a guild in chunks; all of them only with the intent, and only so often. */
export const requestMembers: Command = (hub, session, d) => {
  const wish = readWish(d)
  if (!wish) return false
  const guild = hub.store.guilds.get(wish.guildId)
  if (!guild) return true
  const { intents } = session.identity
  const wantsAll = !wish.userIds && wish.query === '' && wish.limit === 0
  if (wantsAll && (intents & intentBits.members) === 0) return true
  if (wantsAll && isTooSoon(hub, session, wish)) return true
  const { found, missing } = find(hub, wish, wantsAll)
  const { maxReplay } = hub.options
  const count = Math.max(1, Math.ceil(found.length / membersPerChunk))
  const sees = wish.presences && (intents & intentBits.presences) !== 0
  for (let index = 0; index < count; index++) {
    const users = found.slice(index * membersPerChunk, (index + 1) * membersPerChunk)
    const chunk = {
      guild_id: wish.guildId,
      members: users.map((user) => guild.member(user)),
      chunk_index: index,
      chunk_count: count,
      ...(index === 0 && missing.length > 0 && { not_found: missing }),
      ...(sees && { presences: users.map(({ id }) => hub.presences.payload(id)) }),
      ...(wish.nonce !== undefined && { nonce: wish.nonce }),
    }
    session.dispatch('GUILD_MEMBERS_CHUNK', JSON.stringify(chunk), maxReplay)
  }
  return true
}

function isTooSoon(hub: Hub, session: Session, { guildId, nonce }: Wish): boolean {
  const { scheduler, options, membersAskedMs } = hub
  const key = `${session.identity.credential} ${guildId}`
  const nowMs = scheduler.now()
  const waitMs = (membersAskedMs.get(key) ?? -Infinity) + options.membersWindowMs - nowMs
  if (waitMs <= 0) {
    for (const [old, askedMs] of membersAskedMs) {
      if (askedMs + options.membersWindowMs > nowMs) break
      membersAskedMs.delete(old)
    }
    membersAskedMs.set(key, nowMs)
    return false
  }
  const limited = {
    opcode: opcodes.requestMembers,
    retry_after: waitMs / 1_000,
    meta: { guild_id: guildId, ...(nonce !== undefined && { nonce }) },
  }
  session.dispatch('RATE_LIMITED', JSON.stringify(limited), options.maxReplay)
  return true
}

function find({ store }: Hub, { userIds, query = '', limit }: Wish, all: boolean) {
  if (userIds) {
    const found = userIds.flatMap((id) => store.users.get(id) ?? [])
    return { found, missing: userIds.filter((id) => !store.users.get(id)) }
  }
  const found: APIUser[] = []
  const most = all ? Number.POSITIVE_INFINITY : Math.min(limit || maxFound, maxFound)
  for (const user of store.users.all()) {
    if (found.length >= most) break
    if (user.username.toLowerCase().startsWith(query.toLowerCase())) found.push(user)
  }
  return { found, missing: [] }
}

function readWish(d: unknown): Wish | undefined {
  if (typeof d !== 'object' || d === null) return undefined
  const { guild_id, query, limit = 0, user_ids, presences, nonce } = d as Record<string, unknown>
  // Some clients put the one guild into a list, as the protocol once wanted.
  const guildId = Array.isArray(guild_id) ? guild_id[0] : guild_id
  const ids = typeof user_ids === 'string' ? [user_ids] : user_ids
  if (!isSnowflake(guildId) || !Number.isInteger(limit)) return undefined
  if (ids !== undefined && !(Array.isArray(ids) && ids.every(isSnowflake))) return undefined
  if (ids === undefined && typeof query !== 'string') return undefined
  return {
    guildId,
    query: typeof query === 'string' ? query : undefined,
    limit: limit as number,
    userIds: (ids as string[] | undefined)?.slice(0, maxFound),
    presences: presences === true,
    // A longer one is ignored, and the answer has none.
    nonce: typeof nonce === 'string' && Buffer.byteLength(nonce) <= 32 ? nonce : undefined,
  }
}
