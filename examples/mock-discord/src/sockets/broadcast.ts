import type { StoreEvent } from '../store/store-event.ts'
import { isSeenBy, seesContent, withoutContent } from './audience.ts'
import { guildCreate } from './guild-create.ts'
import type { Hub } from './hub.ts'
import type { Session } from './session.ts'

/** Gives each event to the sessions that may see it, written as JSON once for all. */
export class Broadcast {
  readonly #hub: Hub

  constructor(hub: Hub) {
    this.#hub = hub
  }

  tell(event: StoreEvent): void {
    const { sessions, options } = this.#hub
    let whole: string | undefined
    let bare: string | undefined
    for (const session of sessions) {
      if (!isSeenBy(session.identity, event)) continue
      let d: string
      if (event.t === 'GUILD_CREATE') d = this.#guild(session, event)
      else if (seesContent(session.identity, event)) {
        whole ??= JSON.stringify(event.d)
        d = whole
      } else {
        bare ??= JSON.stringify(withoutContent(event.d))
        d = bare
      }
      session.dispatch(event.t, d, options.maxReplay)
      if (event.number !== undefined) session.numbers.add(event.number)
    }
  }

  #guild({ identity }: Session, { guildId = '', d }: StoreEvent): string {
    const { store, presences } = this.#hub
    const guild = store.guilds.get(guildId)
    return JSON.stringify(guild ? guildCreate(store, presences, guild, identity) : d)
  }
}
