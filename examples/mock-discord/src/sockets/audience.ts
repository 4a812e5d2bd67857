import type { StoreEvent } from '../store/store-event.ts'
import { intentBits, intentFor } from './intents.ts'

/** Who a session is for, and what it asked to see. */
export interface SessionIdentity {
  readonly userId: string
  readonly credential: string
  readonly intents: number
  readonly shard: readonly [id: number, count: number]
}

/** What a bot hears about itself whatever its intents. */
const aboutSelf = new Set(['GUILD_MEMBER_UPDATE', 'VOICE_STATE_UPDATE'])

/** Finds the shard a guild is on; what has no guild is on shard 0. */
export function shardOf(guildId: string | undefined, count: number): number {
  return guildId === undefined ? 0 : Number((BigInt(guildId) >> 22n) % BigInt(count))
}

/** Tells whether a session is sent an event. */
export function isSeenBy(identity: SessionIdentity, event: StoreEvent): boolean {
  const { userId, intents, shard } = identity
  const { t, guildId, userIds, actorId } = event
  if (userIds && !userIds.includes(userId)) return false
  if (shard[1] > 1 && shardOf(guildId, shard[1]) !== shard[0]) return false
  if (actorId === userId && aboutSelf.has(t)) return true
  const intent = intentFor(t, guildId !== undefined)
  return intent === 0 || (intents & intent) !== 0
}

/** Tells whether a session is shown what a message says, and not only that there is one. */
export function seesContent({ userId, intents }: SessionIdentity, event: StoreEvent): boolean {
  if (event.t !== 'MESSAGE_CREATE' && event.t !== 'MESSAGE_UPDATE') return true
  if ((intents & intentBits.messageContent) !== 0) return true
  if (event.guildId === undefined || event.actorId === userId) return true
  const { mentions = [] } = event.d as { mentions?: readonly { readonly id: string }[] }
  return mentions.some(({ id }) => id === userId)
}

/** What is left of a message for those without the intent. */
export const withoutContent = (d: object): object => ({
  ...d,
  content: '',
  embeds: [],
  attachments: [],
  components: [],
})
