import type { APIAttachment, APIUser, APIWebhook } from 'discord-api-types/v10'
import { announceMember } from './announce.ts'
import { Files } from './files.ts'
import { Guild } from './guild.ts'
import {
  type Channel,
  dmChannel,
  guildPayload,
  textChannel,
  voiceChannel,
} from './guild-payload.ts'
import { MessageLog } from './message-log.ts'
import { Nonces } from './nonces.ts'
import { snowflakes } from './snowflakes.ts'
import type { StoreEvent } from './store-event.ts'
import type { StoredMessage } from './stored-message.ts'
import { makeUser, Users } from './users.ts'

/** How much a store starts with and keeps. */
export interface StoreOptions {
  /** Text channels the guild starts with. @defaultValue 4 */
  readonly textChannels?: number | undefined
  /** Kept per channel; older ones go. @defaultValue 2,000 */
  readonly maxMessages?: number | undefined
  /** Kept of all uploads; older ones go. @defaultValue 256 MiB */
  readonly maxFileBytes?: number | undefined
}

/** Ids that are the same in every run, and of an age that real clients believe. */
export const fixedIds = {
  guild: '1000000000000000000',
  /** The text channels' ids follow one another from here. */
  firstChannel: '1000000000000000001',
  voiceChannel: '1000000000000100001',
  alice: '1000000000000200001',
  bob: '1000000000000200002',
} as const

const attachmentPath = ({ url }: APIAttachment) => new URL(url).pathname

/** Everything the server knows: guilds, channels, messages, users, webhooks, files. */
export class Store {
  readonly now: () => number
  readonly nextId: () => string
  readonly files: Files
  readonly nonces: Nonces
  readonly users: Users
  readonly guilds = new Map<string, Guild>()
  readonly channels = new Map<string, Channel>()
  readonly webhooks = new Map<string, APIWebhook>()
  /** What voice clients are told to dial. */
  voiceEndpoint = '127.0.0.1:443'
  readonly #dms = new Map<string, string>()
  readonly #usersOfDms = new Map<string, readonly string[]>()
  readonly #listeners = new Set<(event: StoreEvent) => void>()
  readonly #maxMessages: number
  readonly #messages = new Map<string, MessageLog<StoredMessage>>()

  constructor(now: () => number, options: StoreOptions = {}) {
    const { textChannels = 4, maxMessages = 2_000, maxFileBytes = 256 * 2 ** 20 } = options
    this.now = now
    this.nextId = snowflakes(now)
    this.files = new Files(maxFileBytes)
    this.nonces = new Nonces(now)
    this.users = new Users(this.nextId, (bot) => {
      for (const guild of this.guilds.values()) announceMember(this, 'GUILD_MEMBER_ADD', guild, bot)
    })
    this.#maxMessages = maxMessages
    this.users.add(makeUser(fixedIds.alice, 'alice'))
    this.users.add(makeUser(fixedIds.bob, 'bob'))
    this.addGuild('evenkeel', fixedIds.guild)
    for (let index = 0; index < textChannels; index++) {
      const id = String(BigInt(fixedIds.firstChannel) + BigInt(index))
      this.addTextChannel(fixedIds.guild, index === 0 ? 'general' : `channel-${index + 1}`, id)
    }
    this.addVoiceChannel(fixedIds.guild, 'voice', { id: fixedIds.voiceChannel })
  }

  addGuild(name: string, id = this.nextId()): Guild {
    const guild = new Guild(guildPayload(id, name, fixedIds.alice))
    this.guilds.set(id, guild)
    this.publish({ t: 'GUILD_CREATE', d: guild.data, guildId: id })
    return guild
  }

  addTextChannel(guildId: string, name: string, id = this.nextId()): Channel {
    return this.#addChannel(textChannel(id, guildId, name, this.channelsOf(guildId).length))
  }

  addVoiceChannel(
    guildId: string,
    name: string,
    { id = this.nextId(), userLimit = 0 }: { id?: string; userLimit?: number } = {},
  ): Channel {
    return this.#addChannel(voiceChannel(id, guildId, name, userLimit))
  }

  /** Finds or makes the channel between two users. */
  openDm(user: APIUser, recipient: APIUser): Channel {
    const key = `${user.id} ${recipient.id}`
    const known = this.channels.get(this.#dms.get(key) ?? '')
    if (known) return known
    const channel = this.#addChannel(dmChannel(this.nextId(), recipient))
    this.#dms.set(key, channel.id)
    this.#usersOfDms.set(channel.id, [user.id, recipient.id])
    return channel
  }

  /** Who a channel between users is between. */
  usersOfDm(channelId: string): readonly string[] {
    return this.#usersOfDms.get(channelId) ?? []
  }

  /** Tells the listeners what happened. */
  publish(event: StoreEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  /** Hears of everything that happens, until the returned function is called. */
  subscribe(listener: (event: StoreEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  channelsOf(guildId: string): Channel[] {
    return [...this.channels.values()].filter(
      (channel) => 'guild_id' in channel && channel.guild_id === guildId,
    )
  }

  removeChannel(id: string): void {
    for (const message of this.messages(id).all()) this.#forgetFiles(message)
    this.#messages.delete(id)
    this.channels.delete(id)
    const [opener, recipient] = this.#usersOfDms.get(id) ?? []
    this.#dms.delete(`${opener} ${recipient}`)
    this.#usersOfDms.delete(id)
    for (const webhook of this.webhooks.values()) {
      if (webhook.channel_id === id) this.webhooks.delete(webhook.id)
    }
  }

  messages(channelId: string): MessageLog<StoredMessage> {
    let log = this.#messages.get(channelId)
    if (!log) {
      log = new MessageLog(this.#maxMessages, (message) => this.#forgetFiles(message))
      this.#messages.set(channelId, log)
    }
    return log
  }

  addMessage(message: StoredMessage): void {
    this.messages(message.channelId).add(message)
    const channel = this.channels.get(message.channelId)
    if (channel) channel.last_message_id = message.id
  }

  removeMessage(channelId: string, id: string): boolean {
    const message = this.messages(channelId).delete(id)
    if (message) this.#forgetFiles(message)
    return message !== undefined
  }

  #addChannel(channel: Channel): Channel {
    this.channels.set(channel.id, channel)
    return channel
  }

  #forgetFiles(message: StoredMessage): void {
    for (const file of message.data.attachments) this.files.delete(attachmentPath(file))
  }
}
