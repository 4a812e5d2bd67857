import type { APIMessage } from 'discord-api-types/v10'
import { type DiscordApi, readMessages } from './discord-api.ts'
import { keepTrying, type Patience } from './keep-trying.ts'
import { isLater, snowflakeAt, wallMsOf } from './snowflake.ts'

/** The parts of a GUILD_CREATE that tell where something was said. */
export interface GuildChannels {
  readonly channels?: readonly { readonly id: string; readonly last_message_id?: string | null }[]
  readonly threads?: GuildChannels['channels']
}

/** Ids of one moment may come in any order, from servers whose clocks differ. */
const overlapMs = 60_000
/** Who asked longer ago than this has found out otherwise. */
const oldestMs = 600_000
const pageSize = 100

/**
 * Asks for what was said while no session was there to hear it. A session that is resumed has missed
 * nothing; one that begins anew has, and every GUILD_CREATE says which channels have newer messages.
 */
export class MissedMessages {
  readonly #api: DiscordApi
  readonly #patience: Patience
  readonly #hear: (message: APIMessage) => void
  readonly #beganAt: string
  #newest: string
  #after: string

  constructor(api: DiscordApi, patience: Patience, hear: (message: APIMessage) => void) {
    this.#api = api
    this.#patience = patience
    this.#hear = hear
    this.#beganAt = this.#newest = this.#after = snowflakeAt(patience.clock.wallNow())
  }

  /** Takes note of a message that came by the gateway. */
  heard(id: string): void {
    if (isLater(id, this.#newest)) this.#newest = id
  }

  /** A session began: what was said since the newest known message may be missed. */
  sessionBegan(): void {
    const oldest = Math.max(
      wallMsOf(this.#beganAt),
      wallMsOf(this.#newest) - overlapMs,
      this.#patience.clock.wallNow() - oldestMs,
    )
    this.#after = snowflakeAt(oldest)
  }

  /** Reads what is missed of a guild's channels; messages that are known already come again. */
  async read({ channels = [], threads = [] }: GuildChannels): Promise<void> {
    const after = this.#after
    const isNewer = (id: string | null | undefined): boolean => !!id && isLater(id, after)
    const newer = [...channels, ...threads].filter((channel) => isNewer(channel.last_message_id))
    await Promise.all(newer.map(({ id }) => this.#readChannel(id, after)))
  }

  async #readChannel(channelId: string, from: string): Promise<void> {
    const { signal } = this.#patience
    for (let after = from; ; ) {
      const ask = (): Promise<Response> => this.#api.messagesAfter(channelId, after, signal)
      const response = await keepTrying(`missed messages of ${channelId}`, ask, this.#patience)
      if (!response) return
      // Discord lists the newest first.
      const page = (await readMessages(response)).reverse()
      for (const message of page) this.#hear(message)
      const last = page.at(-1)
      if (page.length < pageSize || !last) return
      after = last.id
    }
  }
}
