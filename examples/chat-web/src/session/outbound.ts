import type { Clock, Random } from '@evenkeel/core'
import { createOutbox, type Outbox, type OutboxSignals, type OutboxStore } from '@evenkeel/outbox'
import { fullJitter } from '@evenkeel/retry'
import type { ChatEvent } from '../chat/event.ts'
import type { Message } from '../chat/model.ts'
import type { Outgoing } from '../chat/outgoing.ts'
import type { ChatState } from '../chat/state.ts'
import type { ChatApi } from '../net/api.ts'
import { ApiError } from '../net/api-error.ts'
import { deliveryEvent, type Letter, requested } from '../net/delivery-event.ts'
import { failureWords } from '../net/failure-words.ts'
import type { Store } from '../store.ts'

/** Discord takes 25 characters. */
const newNonce = (): string => crypto.randomUUID().replaceAll('-', '').slice(0, 25)

/** The server forgets a nonce after five minutes; the last send needs some of them. */
const nonceLifeMs = 240_000
/** What was written on a journey goes after it. */
const letterLifeMs = 86_400_000
/** Somebody looks at it. */
const maxDelayMs = 30_000

/** A message that its writer has taken back. */
class Discarded extends Error {}

export interface OutboundParts {
  readonly api: Pick<ChatApi, 'send'>
  readonly store: Store<ChatState, ChatEvent>
  readonly outboxStore: OutboxStore
  readonly signals: OutboxSignals
  readonly clock: Clock
  readonly random?: Random | undefined
}

/** Sends what the user writes: shown at once, kept over reloads, sent in order, and each with one nonce however often. */
export class Outbound {
  readonly #store: Store<ChatState, ChatEvent>
  readonly #outbox: Outbox<Letter>
  readonly #underWay = new Map<string, AbortController>()

  constructor({ api, store, outboxStore, signals, clock, random }: OutboundParts) {
    this.#store = store
    this.#outbox = createOutbox<Letter, Message>(
      outboxStore,
      async ({ payload, attempts, idempotencyKey: nonce = '' }, { signal }) => {
        const controller = new AbortController()
        this.#underWay.set(nonce, controller)
        const aborted = AbortSignal.any([signal, controller.signal])
        return api
          .send({ nonce, ...payload }, attempts, aborted)
          .finally(() => this.#underWay.delete(nonce))
      },
      {
        createKey: newNonce,
        keyLifeMs: nonceLifeMs,
        ttlMs: letterLifeMs,
        priority: () => 'critical',
        backoff: fullJitter({ maxDelayMs }),
        isFinal: ({ error }) =>
          error instanceof Discarded || (error instanceof ApiError && error.isFinal),
        onEvent: (event) => {
          const change = deliveryEvent(event, clock.now())
          if (change) store.dispatch(change)
        },
        signals,
        clock,
        random,
      },
    )
    void this.#restore()
  }

  send(channelId: string, content: string, files: readonly File[]): void {
    const letter = { channelId, content, files }
    const nonce = newNonce()
    this.#store.dispatch(requested(nonce, letter))
    void this.#keep(nonce, letter)
  }

  /** Sends again what has failed; the server knows it again if it has it after all. */
  resend(nonce: string): void {
    const outgoing = this.#outgoing(nonce)
    if (outgoing?.status.kind !== 'failed') return
    const { channelId, content, files } = outgoing
    this.#store.dispatch({ type: 'sendProgressed', nonce, status: { kind: 'queued' } })
    void this.#keep(nonce, { channelId, content, files })
  }

  /** Gives a message up. What is on its way may arrive all the same, and is then shown. */
  discard(nonce: string): void {
    this.#store.dispatch({ type: 'sendDiscarded', nonce })
    void this.#remove(nonce)
  }

  /** Sends nothing more; what waits goes when the user comes back. */
  close(): void {
    void this.#outbox.close()
  }

  #outgoing(nonce: string): Outgoing | undefined {
    return this.#store.get().outgoing.find((each) => each.nonce === nonce)
  }

  async #keep(nonce: string, letter: Letter): Promise<void> {
    try {
      await this.#outbox.enqueue(letter, { lane: letter.channelId, idempotencyKey: nonce })
    } catch (error) {
      const status = { kind: 'failed', because: failureWords(error), untilMs: undefined } as const
      this.#store.dispatch({ type: 'sendProgressed', nonce, status })
    }
  }

  /** Shows what an earlier page has left. */
  async #restore(): Promise<void> {
    const entries = await this.#outbox.entries().catch(() => [])
    for (const { idempotencyKey: nonce = '', payload } of entries)
      if (!this.#outgoing(nonce)) this.#store.dispatch(requested(nonce, payload))
  }

  async #remove(nonce: string): Promise<void> {
    const entries = await this.#outbox.entries().catch(() => [])
    const entry = entries.find(({ idempotencyKey }) => idempotencyKey === nonce)
    if (!entry || (await this.#outbox.remove(entry.id).catch(() => false))) return
    this.#underWay.get(nonce)?.abort(new Discarded('taken back'))
  }
}
