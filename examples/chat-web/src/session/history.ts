import { type Clock, errorCode, retryAfterMs, sleep } from '@evenkeel/core'
import type { ChatEvent } from '../chat/event.ts'
import { compareIds } from '../chat/ids.ts'
import type { Message } from '../chat/model.ts'
import type { ChatState } from '../chat/state.ts'
import type { ChatApi } from '../net/api.ts'
import { failureWords } from '../net/failure-words.ts'
import type { Store } from '../store.ts'

/** By these, this side refused to send anything, and named the time to come back. */
const turnedAway = new Set(['CIRCUIT_OPEN', 'COOLDOWN_TOO_LONG', 'QUEUE_FULL'])

/** Loads what was said before, and what was said while this page was not told. */
export class History {
  readonly #api: Pick<ChatApi, 'messages' | 'channels'>
  readonly #store: Store<ChatState, ChatEvent>
  readonly #clock: Clock
  readonly #signal: AbortSignal
  /** The last message before a time in which some may have been missed, by channel, until those are here. */
  readonly #knownTo = new Map<string, string>()
  /** The channels being loaded; true when what is on its way may be too old by now. */
  readonly #loading = new Map<string, boolean>()

  constructor(
    api: Pick<ChatApi, 'messages' | 'channels'>,
    store: Store<ChatState, ChatEvent>,
    clock: Clock,
    signal: AbortSignal,
  ) {
    this.#api = api
    this.#store = store
    this.#clock = clock
    this.#signal = signal
  }

  /** Loads a channel when it is first seen, or when that failed. */
  async open(channelId: string): Promise<void> {
    const { timelines, isOnline } = this.#store.get()
    const { status = 'unloaded' } = timelines[channelId] ?? {}
    // The session that begins when there is one asks for it.
    if (!isOnline && status === 'unloaded')
      this.#store.dispatch({ type: 'historyFailed', channelId, because: 'there is no network' })
    else if (status === 'unloaded' || status === 'failed') await this.#load(channelId)
  }

  /** Asks anew for the channels, and for all that was loaded of them; first for the one that is seen. */
  async catchUp(): Promise<void> {
    const { activeId, timelines } = this.#store.get()
    const seen = Object.keys(timelines).filter((id) => timelines[id]?.status !== 'unloaded')
    // Now, since what arrives from here on comes after the hole.
    for (const id of seen) {
      const last = timelines[id]?.messages.at(-1)?.id
      if (last !== undefined && !this.#knownTo.has(id)) this.#knownTo.set(id, last)
    }
    for (const id of seen.sort((a, b) => Number(b === activeId) - Number(a === activeId)))
      await this.#load(id)
    await this.#patiently(
      async () =>
        this.#store.dispatch({ type: 'channelsLoaded', channels: await this.#api.channels() }),
      // The list is as it was; the next session asks again.
      () => {},
    )
  }

  async #load(channelId: string): Promise<void> {
    if (this.#loading.has(channelId)) {
      this.#loading.set(channelId, true)
      return
    }
    do {
      this.#loading.set(channelId, false)
      this.#store.dispatch({ type: 'historyRequested', channelId })
      await this.#patiently(
        async () => {
          const knownId = this.#knownTo.get(channelId)
          const messages = await this.#since(channelId, knownId)
          if (this.#knownTo.get(channelId) === knownId) this.#knownTo.delete(channelId)
          this.#store.dispatch({ type: 'historyLoaded', channelId, messages })
        },
        (because) => this.#store.dispatch({ type: 'historyFailed', channelId, because }),
      )
    } while (this.#loading.get(channelId) && !this.#signal.aborted)
    this.#loading.delete(channelId)
  }

  /** Does it, if need be when this side lets it: a circuit that closes admits a growing share. */
  async #patiently(act: () => Promise<void>, failed: (because: string) => void): Promise<void> {
    while (!this.#signal.aborted) {
      try {
        return await act()
      } catch (error) {
        if (this.#signal.aborted) return
        failed(failureWords(error))
        const waitMs = retryAfterMs(error)
        if (waitMs === undefined || !turnedAway.has(errorCode(error) ?? '')) return
        await sleep(waitMs, this.#signal, this.#clock).catch(() => {})
      }
    }
  }

  /** The latest page; or all after a known message, if that is further back. */
  async #since(channelId: string, knownId: string | undefined): Promise<Message[]> {
    const latest = await this.#api.messages(channelId)
    if (knownId === undefined || latest.length < 50 || latest.some(({ id }) => id === knownId))
      return latest
    const missed: Message[] = []
    for (let afterId = knownId; ; ) {
      const page = await this.#api.messages(channelId, afterId)
      missed.push(...page)
      if (page.length < 100) return missed
      afterId = page.map(({ id }) => id).reduce((a, b) => (compareIds(a, b) < 0 ? b : a))
    }
  }
}
