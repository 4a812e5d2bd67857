import type { Clock } from '@evenkeel/core'
import type { ChatApi } from '../net/api.ts'

/** Others see it for 10 s: said again a little before. */
const everyMs = 8000

/** Says that this user is typing, now and then, and not after what was typed has been sent. */
export class TypingSignal {
  readonly #api: Pick<ChatApi, 'typing'>
  readonly #clock: Clock
  readonly #saidAtMs = new Map<string, number>()

  constructor(api: Pick<ChatApi, 'typing'>, clock: Clock) {
    this.#api = api
    this.#clock = clock
  }

  /** A key was pressed. */
  typed(channelId: string): void {
    const nowMs = this.#clock.now()
    if (nowMs - (this.#saidAtMs.get(channelId) ?? -Infinity) < everyMs) return
    this.#saidAtMs.set(channelId, nowMs)
    // Nobody misses it.
    this.#api.typing(channelId).catch(() => {})
  }

  /** The message is on its way: the next key begins another. */
  sent(channelId: string): void {
    this.#saidAtMs.delete(channelId)
  }
}
