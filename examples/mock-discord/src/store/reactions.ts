import type { APIReaction } from 'discord-api-types/v10'

interface Reaction {
  readonly emoji: { readonly id: string | null; readonly name: string }
  readonly users: Set<string>
}

/** Who reacted to one message with what; keyed by the emoji as it stands in the path. */
export class Reactions {
  readonly #byEmoji = new Map<string, Reaction>()

  get size(): number {
    return this.#byEmoji.size
  }

  has(emoji: string): boolean {
    return this.#byEmoji.has(emoji)
  }

  users(emoji: string): readonly string[] {
    return [...(this.#byEmoji.get(emoji)?.users ?? [])]
  }

  /** Tells whether it is new. */
  add(emoji: string, user: string): boolean {
    let reaction = this.#byEmoji.get(emoji)
    if (!reaction) {
      const [name = emoji, id = null] = emoji.split(':')
      reaction = { emoji: { id, name }, users: new Set() }
      this.#byEmoji.set(emoji, reaction)
    }
    const before = reaction.users.size
    reaction.users.add(user)
    return reaction.users.size > before
  }

  remove(emoji: string, user: string): boolean {
    const reaction = this.#byEmoji.get(emoji)
    if (!reaction?.users.delete(user)) return false
    if (reaction.users.size === 0) this.#byEmoji.delete(emoji)
    return true
  }

  clear(emoji?: string): void {
    if (emoji === undefined) this.#byEmoji.clear()
    else this.#byEmoji.delete(emoji)
  }

  /** As one user sees them. */
  view(user: string | undefined): APIReaction[] {
    return [...this.#byEmoji.values()].map(({ emoji, users }) => ({
      emoji: { ...emoji },
      count: users.size,
      count_details: { burst: 0, normal: users.size },
      me: user !== undefined && users.has(user),
      me_burst: false,
      burst_colors: [],
    }))
  }
}
