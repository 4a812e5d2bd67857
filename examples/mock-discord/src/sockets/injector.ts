import type { APIMessage } from 'discord-api-types/v10'
import type { Scheduled, Scheduler } from '../backend/scheduler.ts'
import { announceMessage } from '../store/announce.ts'
import { fixedIds, type Store } from '../store/store.ts'
import { StoredMessage } from '../store/stored-message.ts'

/** The numbers given out, both included. */
export interface Injected {
  readonly first: number
  readonly last: number
}

/** Posts messages that carry a number, as `#7` in their text and 7 as their nonce, so that a test finds losses and doubles. */
export class Injector {
  readonly #store: Store
  readonly #scheduler: Scheduler
  readonly #pending = new Set<Scheduled>()
  #next = 1

  constructor(store: Store, scheduler: Scheduler) {
    this.#store = store
    this.#scheduler = scheduler
  }

  /** @throws RangeError for a channel that is none */
  inject(count: number, channel: string = fixedIds.firstChannel, intervalMs = 0): Injected {
    if (!this.#store.channels.has(channel)) throw new RangeError(`there is no channel ${channel}`)
    const first = this.#next
    this.#next += count
    for (let index = 0; index < count; index++) {
      if (intervalMs === 0 || index === 0) this.#post(channel, first + index)
      else this.#later(() => this.#post(channel, first + index), index * intervalMs)
    }
    return { first, last: this.#next - 1 }
  }

  /** Leaves what is still to come undone. */
  stop(): void {
    for (const each of this.#pending) each.cancel()
    this.#pending.clear()
  }

  #later(post: () => void, delayMs: number): void {
    const event = this.#scheduler.schedule(() => {
      this.#pending.delete(event)
      post()
    }, delayMs)
    this.#pending.add(event)
  }

  #post(channel: string, number: number): void {
    const author = this.#store.users.get(fixedIds.alice)
    if (!author || !this.#store.channels.has(channel)) return
    const data: APIMessage = {
      id: this.#store.nextId(),
      channel_id: channel,
      type: 0,
      author,
      content: `#${number}`,
      timestamp: new Date(this.#store.now()).toISOString(),
      edited_timestamp: null,
      tts: false,
      mention_everyone: false,
      mentions: [],
      mention_roles: [],
      attachments: [],
      embeds: [],
      components: [],
      pinned: false,
      flags: 0 as number,
      nonce: number,
    }
    const message = new StoredMessage(data)
    this.#store.addMessage(message)
    announceMessage(this.#store, 'MESSAGE_CREATE', message, number)
  }
}
