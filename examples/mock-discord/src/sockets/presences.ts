import type { Store } from '../store/store.ts'

const statuses = ['online', 'idle', 'dnd', 'invisible', 'offline'] as const

/** What a client says of itself. */
export interface Presence {
  readonly status: (typeof statuses)[number]
  readonly activities: readonly object[]
}

/** Reads the presence of an IDENTIFY or of op 3; nothing when it is none. */
export function readPresence(value: unknown): Presence | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { status, activities } = value as Record<string, unknown>
  const known = statuses.find((each) => each === status)
  if (!known) return undefined
  const list = Array.isArray(activities) ? activities : []
  const read = list.filter((each) => typeof each?.name === 'string' && Number.isInteger(each.type))
  return { status: known, activities: read }
}

/** Who is online, as the others see it. */
export class Presences {
  readonly #store: Store
  readonly #byUser = new Map<string, Presence>()

  constructor(store: Store) {
    this.#store = store
  }

  get online(): Iterable<string> {
    return this.#byUser.keys()
  }

  /** Changes how a user is seen, and tells everybody. */
  set(userId: string, { status, activities }: Presence): void {
    const isSeen = status !== 'offline' && status !== 'invisible'
    const before = this.#byUser.get(userId)
    if (!before && !isSeen) return
    if (isSeen) this.#byUser.set(userId, { status, activities })
    else this.#byUser.delete(userId)
    for (const guildId of this.#store.guilds.keys()) {
      const d = { ...this.payload(userId), guild_id: guildId }
      this.#store.publish({ t: 'PRESENCE_UPDATE', d, guildId, actorId: userId })
    }
  }

  isOnline(userId: string): boolean {
    return this.#byUser.has(userId)
  }

  /** As it stands in a guild. */
  payload(userId: string): object {
    const { status, activities } = this.#byUser.get(userId) ?? { status: 'offline', activities: [] }
    return {
      user: { id: userId },
      status,
      activities,
      client_status: status === 'offline' ? {} : { web: status },
    }
  }
}
