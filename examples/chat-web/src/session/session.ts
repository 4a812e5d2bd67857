import { browserSignals, type PlatformSignals } from '@evenkeel/core/network'
import type { FetchEvent } from '@evenkeel/fetch'
import { indexedDbStore } from '@evenkeel/outbox/indexed-db'
import type { HealthLevel, HealthState } from 'evenkeel'
import type { ChatEvent } from '../chat/event.ts'
import { reduceChat } from '../chat/reduce.ts'
import { type ChatState, initialChat } from '../chat/state.ts'
import { type ChatApi, chatApi } from '../net/api.ts'
import { chatEventOf, hintOf } from '../net/dispatch.ts'
import { type Gateway, openGateway } from '../net/gateway.ts'
import type { PanelEvent } from '../net/panel/log-line.ts'
import { initialPanel, type Panel } from '../net/panel/panel.ts'
import { panelAfter } from '../net/panel/panel-after.ts'
import { type ResilientClient, resilientClient } from '../net/resilient-client.ts'
import { sendProgress } from '../net/send-progress.ts'
import { createStore, type Store } from '../store.ts'
import { arrive } from './arrive.ts'
import { type Gauges, noConnection } from './gauges.ts'
import { History } from './history.ts'
import { Outbound } from './outbound.ts'
import { keepReadMarkers, loadReadMarkers } from './read-markers.ts'
import type { SessionOptions } from './session-options.ts'
import { TypingSignal } from './typing-signal.ts'

type PanelStore = Store<Panel, { readonly event: PanelEvent; readonly atMs: number }>

/** A user at the chat: between what the page shows and what goes over the network. */
export class Session {
  readonly chat: Store<ChatState, ChatEvent> = createStore(reduceChat, initialChat)
  readonly panel: PanelStore = createStore(
    (panel, { event, atMs }) => panelAfter(panel, event, atMs),
    initialPanel,
  )
  /** How the API is. */
  readonly health = createStore<HealthLevel, HealthLevel>((_, level) => level, 'calm')
  readonly #options: SessionOptions
  readonly #signals: PlatformSignals
  readonly #client: ResilientClient
  /** From sign-in to sign-out. */
  #stay = new AbortController()
  #api: ChatApi | undefined
  #gateway: Gateway | undefined
  #outbound: Outbound | undefined
  #history: History | undefined
  #typing: TypingSignal | undefined

  constructor(options: SessionOptions) {
    this.#options = options
    this.#signals = options.signals ?? browserSignals()
    this.#client = resilientClient({
      ...options,
      signals: this.#signals,
      onEvent: (event) => this.#heard(event),
      onHealth: ({ level }) => this.health.dispatch(level),
      onState: (news) => this.#tellPanel(news),
    })
    this.#followNetwork()
    keepReadMarkers(this.chat, options.storage)
  }

  /** Why the API is as it is, in sentences with figures. */
  get reasons(): HealthState['reasons'] {
    return this.#client.health.reasons
  }

  /** How everything stands now. */
  gauges(): Gauges {
    const isOnline = this.#signals.isOnline()
    return { ...this.#client.gauges(), ...(this.#gateway?.gauges() ?? noConnection), isOnline }
  }

  /** Comes in by a name: who gives the same name is the same user. @throws what fetch and API throw */
  async signIn(name: string): Promise<void> {
    this.signOut()
    const { apiUrl, clock, random, storage } = this.#options
    const { outboxStore = (id) => indexedDbStore(`chat ${id}`) } = this.#options
    const { signal } = this.#stay
    // Header values are bytes; names are not.
    const token = `Bot ${encodeURIComponent(name)}`
    const api = chatApi(this.#client.fetch, apiUrl, token, signal)
    const { me, channels, url } = await arrive(api, name, storage, this.#signals, clock, signal)
    signal.throwIfAborted()
    const { chat } = this
    chat.dispatch({ type: 'signedIn', me, channels, read: loadReadMarkers(storage, me.id) })
    const history = new History(api, chat, clock, signal)
    this.#api = api
    this.#history = history
    this.#outbound = new Outbound({
      api,
      store: chat,
      outboxStore: outboxStore(me.id),
      signals: this.#signals,
      clock,
      random,
    })
    this.#typing = new TypingSignal(api, clock)
    this.#gateway = openGateway(
      { ...this.#options, ...this.#client, url, token, userId: me.id },
      {
        // A connection that was left may take its time to close.
        news: (news) => {
          if (!signal.aborted) this.#tellPanel(news)
        },
        missed: () => void history.catchUp(),
        dispatched: (payload) => {
          if (signal.aborted) return
          const hint = hintOf(payload)
          if (hint !== undefined) this.#client.hinted(hint)
          const event = chatEventOf(payload, me, clock.now())
          if (event) chat.dispatch(event)
        },
      },
    )
    const [first] = channels
    if (first) this.open(first.id)
  }

  /** Leaves: nothing of this user goes on. */
  signOut(): void {
    this.#stay.abort()
    this.#stay = new AbortController()
    this.#outbound?.close()
    this.#gateway?.close()
    this.#api = this.#gateway = this.#outbound = this.#history = this.#typing = undefined
    this.chat.dispatch({ type: 'signedOut' })
    this.#tellPanel({ type: 'socketLeft' })
  }

  open(channelId: string): void {
    this.chat.dispatch({ type: 'channelOpened', channelId })
    void this.#history?.open(channelId)
  }

  send(channelId: string, content: string, files: readonly File[] = []): void {
    this.#typing?.sent(channelId)
    this.#outbound?.send(channelId, content, files)
  }

  resend(nonce: string): void {
    this.#outbound?.resend(nonce)
  }

  discard(nonce: string): void {
    this.#outbound?.discard(nonce)
  }

  typing(channelId: string): void {
    if (this.chat.get().isOnline) this.#typing?.typed(channelId)
  }

  /** Shows a reaction, or takes one back, at once; and takes that back if the server does not have it. */
  async react(channelId: string, messageId: string, emoji: string, isAdded: boolean) {
    const change = (isNow: boolean): void =>
      this.chat.dispatch({
        type: 'reactionChanged',
        channelId,
        messageId,
        emoji,
        isAdded: isNow,
        isMine: true,
      })
    change(isAdded)
    await this.#api?.react(channelId, messageId, emoji, isAdded).catch(() => change(!isAdded))
  }

  /** Whether somebody looks: then what comes is read. */
  attend(isAttentive: boolean): void {
    this.chat.dispatch({ type: 'attention', isAttentive })
  }

  reconnect(): void {
    this.#gateway?.reconnect()
  }

  #followNetwork(): void {
    const tell = (): void =>
      this.chat.dispatch({ type: 'networkChanged', isOnline: this.#signals.isOnline() })
    tell()
    this.#signals.listen((signal) => {
      if (signal === 'online' || signal === 'offline') tell()
    })
  }

  #heard(event: FetchEvent): void {
    this.#tellPanel(event)
    const progress = sendProgress(event, this.#options.clock.now())
    if (progress) this.chat.dispatch(progress)
  }

  #tellPanel(event: PanelEvent): void {
    this.panel.dispatch({ event, atMs: this.#options.clock.now() })
  }
}
