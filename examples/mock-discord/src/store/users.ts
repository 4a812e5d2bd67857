import type { APIUser } from 'discord-api-types/v10'

/** More credentials than this and the first seen is forgotten. */
const maxCredentials = 100_000

/** A user as Discord shows one. */
export function makeUser(id: string, username: string, bot = false): APIUser {
  return {
    id,
    username,
    discriminator: '0',
    global_name: null,
    avatar: null,
    bot,
    system: false,
    public_flags: 0 as number,
  }
}

/** People, and one bot for each credential. */
export class Users {
  readonly #byId = new Map<string, APIUser>()
  readonly #byCredential = new Map<string, string>()
  readonly #nextId: () => string
  readonly #arrived: (bot: APIUser) => void

  constructor(nextId: () => string, arrived: (bot: APIUser) => void = () => {}) {
    this.#nextId = nextId
    this.#arrived = arrived
  }

  get size(): number {
    return this.#byId.size
  }

  get(id: string): APIUser | undefined {
    return this.#byId.get(id)
  }

  add(user: APIUser): APIUser {
    this.#byId.set(user.id, user)
    return user
  }

  /** Finds the id of who a credential belongs to, if it was ever used to act. */
  idOf(credential: string): string | undefined {
    return this.#byCredential.get(credential)
  }

  /** Finds who a credential belongs to; a new credential is a new bot. */
  of(credential: string): APIUser {
    const known = this.#byId.get(this.#byCredential.get(credential) ?? '')
    if (known) return known
    const bot = makeUser(this.#nextId(), `bot-${this.#byCredential.size + 1}`, true)
    this.#byCredential.set(credential, bot.id)
    if (this.#byCredential.size > maxCredentials) {
      for (const [oldest, id] of this.#byCredential) {
        this.#byCredential.delete(oldest)
        this.#byId.delete(id)
        break
      }
    }
    this.add(bot)
    this.#arrived(bot)
    return bot
  }

  all(): IterableIterator<APIUser> {
    return this.#byId.values()
  }
}
