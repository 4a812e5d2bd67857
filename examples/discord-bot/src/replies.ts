import { discard } from './discard.ts'
import type { DiscordApi, Post } from './discord-api.ts'
import { keepTrying, type Patience } from './keep-trying.ts'

/** Posts answers until Discord has them, within the time for which it knows their nonces. */
export class Replies {
  readonly #api: DiscordApi
  readonly #patience: Patience
  readonly #pending = new Set<Promise<void>>()

  /** `patience.forMs` and the length of a call together must be less than the "few minutes" of a nonce. */
  constructor(api: DiscordApi, patience: Patience) {
    this.#api = api
    this.#patience = patience
  }

  get pending(): number {
    return this.#pending.size
  }

  /** @throws nothing: what could not be posted is in the log */
  post(post: Post): void {
    const posting = this.#post(post).finally(() => this.#pending.delete(posting))
    this.#pending.add(posting)
  }

  /** Resolves when nothing is on its way any more. */
  async drained(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending)
  }

  async #post(post: Post): Promise<void> {
    const { signal } = this.#patience
    const send = (): Promise<Response> => this.#api.post(post, signal)
    const response = await keepTrying(`reply to ${post.replyTo}`, send, this.#patience)
    await discard(response)
  }
}
