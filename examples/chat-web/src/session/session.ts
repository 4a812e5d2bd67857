import type { Clock, Random } from '@evenkeel/core'
import type { FetchEvent } from '@evenkeel/fetch'
import type { WebSocketConstructor } from '@evenkeel/websocket'
import type { ChatEvent } from '../chat/event.ts'
import { reduceChat } from '../chat/reduce.ts'
import { type ChatState, initialChat } from '../chat/state.ts'
import { type ChatApi, chatApi } from '../net/api.ts'
import { chatEventOf } from '../net/dispatch.ts'
import { type Gateway, type GatewayGauges, openGateway, type SocketClass } from '../net/gateway.ts'
import type { PanelEvent } from '../net/panel/log-line.ts'
import { initialPanel, type Panel } from '../net/panel/panel.ts'
import { panelAfter } from '../net/panel/panel-after.ts'
import {
  type ClientGauges,
  type ResilientClient,
  resilientClient,
} from '../net/resilient-client.ts'
import { sendProgress } from '../net/send-progress.ts'
import { createStore, type Store } from '../store.ts'
import { History } from './history.ts'
import { Outbound } from './outbound.ts'
import { type KeyValueStorage, loadReadMarkers, saveReadMarkers } from './read-markers.ts'
import { TypingSignal } from './typing-signal.ts'

/** What the panel shows that no event tells. */
export type Gauges = ClientGauges & GatewayGauges

export interface SessionOptions {
  /** Of the API, without its version. */
  readonly apiUrl: string
  readonly clock: Clock
  readonly storage: KeyValueStorage
  readonly random?: Random | undefined
  readonly fetch?: typeof globalThis.fetch | undefined
  readonly WebSocket?: WebSocketConstructor | undefined
  readonly Socket?: SocketClass | undefined
}

type PanelStore = Store<Panel, { readonly event: PanelEvent; readonly atMs: number }>

const idle: GatewayGauges = { rttMs: undefined, isLeader: false, waitingBytes: 0 }

/** A user at the chat: between what the page shows and what goes over the network. */
export class Session {
  readonly chat: Store<ChatState, ChatEvent> = createStore(reduceChat, initialChat)
  readonly panel: PanelStore = createStore(
    (panel, { event, atMs }) => panelAfter(panel, event, atMs),
    initialPanel,
  )
  readonly #options: SessionOptions
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
    const onEvent = (event: FetchEvent): void => this.#heard(event)
    this.#client = resilientClient({ ...options, onEvent })
    this.#rememberWhatIsRead()
  }

  /** How everything stands now. */
  gauges(): Gauges {
    return { ...this.#client.gauges(), ...(this.#gateway?.gauges() ?? idle) }
  }

  /** Comes in by a name: who gives the same name is the same user. @throws what fetch and API throw */
  async signIn(name: string): Promise<void> {
    this.signOut()
    const { apiUrl, clock, storage } = this.#options
    const { signal } = this.#stay
    // Header values are bytes; names are not.
    const token = `Bot ${encodeURIComponent(name)}`
    const api = chatApi(this.#client.fetch, apiUrl, token, signal)
    const me = await api.signIn(name)
    const [channels, url] = await Promise.all([api.channels(), api.gatewayUrl()])
    signal.throwIfAborted()
    const { chat } = this
    chat.dispatch({ type: 'signedIn', me, channels, read: loadReadMarkers(storage, me.id) })
    const history = new History(api, chat, clock, signal)
    this.#api = api
    this.#history = history
    this.#outbound = new Outbound(api, chat, clock)
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
          const event = signal.aborted ? undefined : chatEventOf(payload, me, clock.now())
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
    this.#typing?.typed(channelId)
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

  #heard(event: FetchEvent): void {
    this.#tellPanel(event)
    const progress = sendProgress(event, this.#options.clock.now())
    if (progress) this.chat.dispatch(progress)
  }

  #tellPanel(event: PanelEvent): void {
    this.panel.dispatch({ event, atMs: this.#options.clock.now() })
  }

  #rememberWhatIsRead(): void {
    let { read: saved } = this.chat.get()
    this.chat.subscribe(() => {
      const { me, read } = this.chat.get()
      if (!me || read === saved) return
      saved = read
      saveReadMarkers(this.#options.storage, me.id, read)
    })
  }
}
