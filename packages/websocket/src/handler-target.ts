import type { ResilientCloseEvent } from './close-event.ts'
import type { ResilientErrorEvent } from './error-event.ts'
import type { SocketEvents } from './events.ts'

/** An `on*` property. */
export type Handler<E> = ((event: E) => unknown) | null

/** The events of a {@link ResilientWebSocket}: the platform's four, and its own as `CustomEvent`s with the facts in `detail`. */
export interface ResilientWebSocketEventMap {
  open: Event
  message: MessageEvent
  error: ResilientErrorEvent
  close: ResilientCloseEvent
  dialStarted: CustomEvent<SocketEvents['dialStarted']>
  disconnected: CustomEvent<SocketEvents['disconnected']>
  reconnectScheduled: CustomEvent<SocketEvents['reconnectScheduled']>
  undelivered: CustomEvent<SocketEvents['undelivered']>
  rotated: CustomEvent<SocketEvents['rotated']>
  rotationFailed: CustomEvent<SocketEvents['rotationFailed']>
  sessionStarted: CustomEvent<SocketEvents['sessionStarted']>
  sessionResumed: CustomEvent<SocketEvents['sessionResumed']>
  sessionLost: CustomEvent<SocketEvents['sessionLost']>
  gap: CustomEvent<SocketEvents['gap']>
}

/** A listener that is an object. */
export interface ListenerObject<E> {
  /** Called with each event. */
  handleEvent(event: E): unknown
}

/** What `addEventListener` takes. */
export type SocketListener<E> = Handler<E> | ListenerObject<E>

/** An `EventTarget` that knows the events of a socket by their types. */
interface SocketEventTarget extends EventTarget {
  addEventListener<K extends keyof ResilientWebSocketEventMap>(
    type: K,
    listener: SocketListener<ResilientWebSocketEventMap[K]>,
    options?: boolean | AddEventListenerOptions,
  ): void
  addEventListener(
    type: string,
    listener: SocketListener<Event>,
    options?: boolean | AddEventListenerOptions,
  ): void
  removeEventListener<K extends keyof ResilientWebSocketEventMap>(
    type: K,
    listener: SocketListener<ResilientWebSocketEventMap[K]>,
    options?: boolean | EventListenerOptions,
  ): void
  removeEventListener(
    type: string,
    listener: SocketListener<Event>,
    options?: boolean | EventListenerOptions,
  ): void
}

/** An `EventTarget` with the `on*` properties and the event types of a socket. */
export class HandlerTarget extends (EventTarget as new () => SocketEventTarget) {
  // Accessors: a static field becomes a static block, which Babel for React Native does not take.
  static get CONNECTING(): 0 {
    return 0
  }
  static get OPEN(): 1 {
    return 1
  }
  static get CLOSING(): 2 {
    return 2
  }
  static get CLOSED(): 3 {
    return 3
  }
  get CONNECTING(): 0 {
    return 0
  }
  get OPEN(): 1 {
    return 1
  }
  get CLOSING(): 2 {
    return 2
  }
  get CLOSED(): 3 {
    return 3
  }

  readonly #handlers: { [type: string]: Handler<never> } = {}
  /** One for all types. */
  #hear: ((event: Event) => void) | undefined

  get onopen(): Handler<Event> {
    return this.#get('open')
  }
  set onopen(handler: Handler<Event>) {
    this.#set('open', handler)
  }

  get onmessage(): Handler<MessageEvent> {
    return this.#get('message')
  }
  set onmessage(handler: Handler<MessageEvent>) {
    this.#set('message', handler)
  }

  get onerror(): Handler<ResilientErrorEvent> {
    return this.#get('error')
  }
  set onerror(handler: Handler<ResilientErrorEvent>) {
    this.#set('error', handler)
  }

  get onclose(): Handler<ResilientCloseEvent> {
    return this.#get('close')
  }
  set onclose(handler: Handler<ResilientCloseEvent>) {
    this.#set('close', handler)
  }

  #get<E>(type: string): Handler<E> {
    return (this.#handlers[type] as Handler<E> | undefined) ?? null
  }

  /** A handler keeps its place among the listeners when another takes it, as the HTML standard has it. */
  #set<E>(type: string, handler: Handler<E>): void {
    this.#hear ??= (event) => this.#handlers[event.type]?.call(this, event as never)
    if (!(type in this.#handlers)) super.addEventListener(type, this.#hear)
    this.#handlers[type] = typeof handler === 'function' ? (handler as Handler<never>) : null
  }
}
