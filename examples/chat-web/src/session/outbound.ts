import { type Clock, retryAfterMs } from '@evenkeel/core'
import type { ChatEvent } from '../chat/event.ts'
import type { Outgoing } from '../chat/outgoing.ts'
import type { ChatState } from '../chat/state.ts'
import type { ChatApi } from '../net/api.ts'
import { failureWords } from '../net/failure-words.ts'
import type { Store } from '../store.ts'
import { SendQueue } from './send-queue.ts'

/** Discord takes 25 characters, and knows a nonce again for a few minutes. */
const newNonce = (): string => crypto.randomUUID().replaceAll('-', '').slice(0, 25)

/** Sends what the user writes: shown at once, sent in order, tried again with the same nonce. */
export class Outbound {
  readonly #api: ChatApi
  readonly #store: Store<ChatState, ChatEvent>
  readonly #clock: Clock
  readonly #queue = new SendQueue()
  readonly #underWay = new Map<string, AbortController>()

  constructor(api: ChatApi, store: Store<ChatState, ChatEvent>, clock: Clock) {
    this.#api = api
    this.#store = store
    this.#clock = clock
  }

  send(channelId: string, content: string, files: readonly File[]): void {
    const status = this.#firstStatus(channelId)
    const outgoing = { nonce: newNonce(), channelId, content, files, status }
    this.#store.dispatch({ type: 'sendRequested', outgoing })
    this.#push(outgoing)
  }

  /** Sends again what has failed; the server knows it again if it has it after all. */
  resend(nonce: string): void {
    const outgoing = this.#store.get().outgoing.find((each) => each.nonce === nonce)
    if (outgoing?.status.kind !== 'failed') return
    const status = this.#firstStatus(outgoing.channelId)
    this.#store.dispatch({ type: 'sendProgressed', nonce, status })
    this.#push(outgoing)
  }

  /** Gives a message up. What is on its way may arrive all the same, and is then shown. */
  discard(nonce: string): void {
    this.#store.dispatch({ type: 'sendDiscarded', nonce })
    this.#underWay.get(nonce)?.abort()
  }

  /** Gives everything up. */
  close(): void {
    for (const nonce of this.#underWay.keys()) this.discard(nonce)
  }

  #firstStatus(channelId: string): Outgoing['status'] {
    return this.#queue.isBusy(channelId) ? { kind: 'queued' } : { kind: 'sending', attempt: 1 }
  }

  #push(outgoing: Outgoing): void {
    const controller = new AbortController()
    this.#underWay.set(outgoing.nonce, controller)
    this.#queue.push(outgoing.channelId, async () => {
      await this.#deliver(outgoing, controller.signal)
      this.#underWay.delete(outgoing.nonce)
    })
  }

  async #deliver(outgoing: Outgoing, signal: AbortSignal): Promise<void> {
    const { nonce } = outgoing
    try {
      signal.throwIfAborted()
      const message = await this.#api.send(outgoing, signal)
      this.#store.dispatch({ type: 'sendAccepted', nonce, message })
    } catch (error) {
      if (signal.aborted) return
      const waitMs = retryAfterMs(error)
      const untilMs = waitMs === undefined ? undefined : this.#clock.now() + waitMs
      const status = { kind: 'failed', because: failureWords(error), untilMs } as const
      this.#store.dispatch({ type: 'sendProgressed', nonce, status })
    }
  }
}
