import { shardOf } from './audience.ts'
import type { Connection } from './connection.ts'
import { guildCreate } from './guild-create.ts'
import { tellHint } from './hint-channel.ts'
import { intentBits, knownIntents } from './intents.ts'
import { closeCodes, type Refusal } from './opcodes.ts'
import { readPresence } from './presences.ts'

/** Finds the credential REST knows a token by: clients send it with or without `Bot`. */
export function credentialOf(token: string): string {
  return `Bot ${token.replace(/^Bot /, '')}`
}

/** Begins a session, or says why not; the checks are in the order of Discord's close codes. */
export function identify(connection: Connection, d: unknown): Refusal | undefined {
  const { hub } = connection
  const { options, tokens } = hub
  if (typeof d !== 'object' || d === null) return closeCodes.decodeError
  const { token, intents, shard: given, presence, compress } = d as Record<string, unknown>
  if (typeof token !== 'string') return closeCodes.decodeError
  const credential = credentialOf(token)
  if (token === '' || (tokens && !tokens.has(credential.slice(4)))) {
    return closeCodes.authenticationFailed
  }
  const shard = readShard(given)
  if (!shard) return closeCodes.invalidShard
  if (shard[1] < options.requiredShards) return closeCodes.shardingRequired
  if (!isBits(intents) || (intents & ~knownIntents) !== 0) {
    return closeCodes.invalidIntents
  }
  if ((intents & ~options.allowedIntents) !== 0) {
    return closeCodes.disallowedIntents
  }
  const taken = hub.identifyLimits.take(credential, shard[0])
  if (taken === 'spent') {
    // Discord resets the token of who starts too many sessions, and ends those there are.
    hub.expel(credential)
    return closeCodes.authenticationFailed
  }
  if (taken === 'early') {
    hub.counters.count('identifiesEarly')
    return 'invalid-session'
  }
  hub.counters.count('identifies')
  if (compress === true) connection.transport.compressPayloads()
  welcome(connection, credential, intents, shard)
  const user = hub.store.users.of(credential)
  hub.presences.set(user.id, readPresence(presence) ?? { status: 'online', activities: [] })
  return undefined
}

function welcome(
  connection: Connection,
  credential: string,
  intents: number,
  shard: readonly [number, number],
): void {
  const { hub, resumeUrl } = connection
  const { store, sessions, presences } = hub
  const { maxReplay } = hub.options
  const user = store.users.of(credential)
  const identity = { userId: user.id, credential, intents, shard }
  const session = sessions.create(identity, connection)
  connection.session = session
  const guilds = [...store.guilds.values()].filter(
    ({ data }) => shardOf(data.id, shard[1]) === shard[0],
  )
  const ready = {
    v: 10,
    user: { ...user, verified: true, mfa_enabled: false, email: null, flags: 0 },
    user_settings: {},
    relationships: [],
    private_channels: [],
    guilds: guilds.map(({ data: { id } }) => ({ id, unavailable: true })),
    session_id: session.id,
    session_type: 'normal',
    resume_gateway_url: resumeUrl,
    shard,
    application: { id: user.id, flags: 0 },
    _trace: ['mock'],
  }
  session.dispatch('READY', JSON.stringify(ready), maxReplay)
  tellHint(hub, session)
  if ((intents & intentBits.guilds) === 0) return
  for (const guild of guilds) {
    const created = guildCreate(store, presences, guild, identity)
    session.dispatch('GUILD_CREATE', JSON.stringify(created), maxReplay)
  }
}

/** Some clients send no shard: they are all there is. */
function readShard(given: unknown): readonly [number, number] | undefined {
  if (given === undefined || given === null) return [0, 1]
  if (!Array.isArray(given) || given.length !== 2) return undefined
  const [id, count] = given as readonly unknown[]
  if (!Number.isSafeInteger(id) || !Number.isSafeInteger(count)) return undefined
  const shard = [id as number, count as number] as const
  return shard[0] >= 0 && shard[0] < shard[1] ? shard : undefined
}

const isBits = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 31
