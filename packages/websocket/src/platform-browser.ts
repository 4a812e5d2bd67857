import type { Clock } from '@evenkeel/core'
import type { ResilientCloseEvent } from './close-event.ts'
import type { Closed, SocketState } from './events.ts'
import type { Handshake } from './handshake.ts'
import type { WebSocketConstructor, WebSocketLike } from './inner-socket.ts'
import type { Line } from './line.ts'
import type { Settings } from './settings.ts'
import type { Times } from './times.ts'

/** Makes the last event of a socket. */
export function closeEvent(closed: Closed): ResilientCloseEvent {
  const { code: _, reason: __, wasClean: ___, ...rest } = closed
  return Object.assign(new CloseEvent('close', closed), rest)
}

/** Hears why a handshake was refused, of a `probedWebSocket()`. */
export function hearMore(inner: WebSocketLike, line: Line): void {
  inner.on?.('refused', (refused: Handshake) => line.end('handshake', refused))
}

/** The class of the socket underneath: the one given, else the platform's. Headers are nothing for that one. */
export function innerConstructor(given: WebSocketConstructor | undefined): WebSocketConstructor {
  const Inner = given ?? (globalThis as { WebSocket?: unknown }).WebSocket
  if (!Inner) throw new TypeError('websocket: no WebSocket here: give one')
  return Inner as WebSocketConstructor
}

/** Makes the event of a message. */
export function messageEvent(data: unknown, origin: string): MessageEvent {
  return new MessageEvent('message', { data, origin })
}

/** The state of a socket; no process lives for it. */
export abstract class Referenced {
  state: SocketState = 'connecting'
  readonly settings: Settings

  constructor(settings: Settings) {
    this.settings = settings
  }

  adopt(): void {}

  reference(): void {}
}

/** What a socket's limits are timed by; no process lives for it. */
export function timesOf(clock: Clock): Times {
  return { clock }
}

/** How many bytes a text has as UTF-8. */
export function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length
}
