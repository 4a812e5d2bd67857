import { type Clock, checkNumber, type Random } from '@evenkeel/core'
import { BeatingHeart } from './beating-heart.ts'
import type { WebSocketConstructor, WebSocketLike } from './inner-socket.ts'
import type { SocketData } from './outbound-queue.ts'

/** What {@link heartbeat} can be told. */
export interface HeartbeatOptions {
  /** @defaultValue 30_000 */
  readonly intervalMs?: number | undefined
  /** How long the first answer may take; later four round trips, at least `leastTimeoutMs`. @defaultValue 10_000 */
  readonly timeoutMs?: number | undefined
  /** How long any answer may take at least. @defaultValue 3000 */
  readonly leastTimeoutMs?: number | undefined
  /**
   * What to send as a beat.
   * @defaultValue a ping frame, where the socket can send one (`ws`, Bun); in browsers, needed
   */
  readonly message?: SocketData | (() => SocketData) | undefined
}

/** What beats on one open connection. */
export interface Liveness {
  /** The smoothed round trip, once one is measured. */
  readonly rttMs: number | undefined
  /** Something came in. */
  heard(): void
  /** The page or machine woke, or the network changed. */
  wake(): void
  /** The connection has ended. */
  stop(): void
}

/** What a heart needs of the socket it beats for. */
export interface HeartHost {
  readonly clock: Clock
  readonly random: Random
  /** How much longer than said the interval is now, as a poor network asks. @defaultValue 1 */
  readonly intervalFactor?: (() => number) | undefined
}

/** Beats on connections, and says which are dead. */
export interface Heartbeat {
  /** @throws `TypeError` when it can't beat on this class, or the platform's where none is given */
  check(Inner: WebSocketConstructor | undefined): void
  /**
   * Starts on a connection that opened; `rttMs` is what the one before it had measured. `onDead` is told
   * whether it was found dead after a sleep of the machine.
   */
  start(
    host: HeartHost,
    inner: WebSocketLike,
    rttMs: number | undefined,
    onDead: (hasSlept: boolean) => void,
  ): Liveness
}

/**
 * Notices dead connections: beats, and gives up a connection on which nothing came in for too long.
 *
 * @throws `RangeError` for a bad option
 */
export function heartbeat({
  intervalMs = 30_000,
  timeoutMs = 10_000,
  leastTimeoutMs = 3000,
  message,
}: HeartbeatOptions = {}): Heartbeat {
  const rules = { intervalMs, timeoutMs, leastTimeoutMs }
  for (const [name, value] of Object.entries(rules)) checkNumber('heartbeat', name, value, 1)
  return {
    check(given) {
      const { WebSocket } = globalThis as { WebSocket?: WebSocketConstructor }
      const Inner = given ?? WebSocket
      if (message === undefined && Inner && !Inner.prototype?.ping)
        throw new TypeError('websocket: heartbeat.message is needed: this WebSocket sends no pings')
    },
    start: (host, inner, rttMs, onDead) =>
      new BeatingHeart(host, { ...rules, message }, inner, rttMs, onDead),
  }
}
