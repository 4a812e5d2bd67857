import type { Clock, Random } from '@evenkeel/core'
import type { PlatformSignals } from '@evenkeel/core/network'
import type { CloseCodes } from './close-codes.ts'
import type { DialGateKind } from './dial-gate.ts'
import type { Heartbeat } from './heartbeat.ts'
import type { WebSocketConstructor } from './inner-socket.ts'
import type { Overflow, QueueKind } from './outbound-queue.ts'
import type { RotationKind } from './rotation/rotation.ts'
import type { SessionKind } from './session.ts'

/** What a provider is told of the dial it is asked for. */
export interface DialFacts {
  readonly attempt: number
  /** Whether the server refused the credentials of the dial before, or they run out. */
  readonly isRefresh: boolean
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal
}

/** A value, or a function that gives it for each dial: for tokens that expire. */
export type Provided<T> = T | ((dial: DialFacts) => T | PromiseLike<T>)

/** How a socket comes back. */
export interface ReconnectOptions {
  /** The first dial after a loss comes in U(0, this). @defaultValue 5000 (RFC 6455 §7.2.3) */
  readonly firstWindowMs?: number | undefined
  /** How much wider each next window is. @defaultValue 4: with 2, the second wave falls into the first */
  readonly growth?: number | undefined
  /** The least wait from the second dial on. @defaultValue 250 */
  readonly minDelayMs?: number | undefined
  /** The widest window after what may be a lone loss. @defaultValue 30_000 */
  readonly maxDelayMs?: number | undefined
  /** The least window after the first dial when many clients wait. @defaultValue 60_000 */
  readonly herdWindowMs?: number | undefined
  /** The widest window when many clients wait. @defaultValue 300_000: 50,000 clients on a queue of 500 handshakes a second are back in 10 minutes, at 30 s never */
  readonly maxHerdDelayMs?: number | undefined
  /** Losses in a row, without a stable connection, after which it gives up. @defaultValue `Infinity` */
  readonly maxRetries?: number | undefined
  /** Rules that go before `defaultCloseCodes`. */
  readonly closeCodes?: CloseCodes | undefined
  /** How long a connection must have been ready to count as stable. @defaultValue 5000 */
  readonly minUptimeMs?: number | undefined
  /** Whether to dial while the page is hidden. @defaultValue `false`: nobody looks, and a fleet of them is a load */
  readonly whileHidden?: boolean | undefined
}

/** What may wait for a connection. */
export interface QueueOptions {
  /** @defaultValue 1000 */
  readonly maxMessages?: number | undefined
  /** @defaultValue 1_048_576 */
  readonly maxBytes?: number | undefined
  /** @defaultValue `'reject'`: a refusal is seen, a drop is not */
  readonly overflow?: Overflow | undefined
  /** How long a message may wait. @defaultValue 30_000 */
  readonly ttlMs?: number | undefined
  /** Bytes in the connection's own buffer from which messages wait here. @defaultValue 524_288 */
  readonly highWaterBytes?: number | undefined
  /** How the messages are kept: by `lanes()`. @defaultValue in order */
  readonly kind?: QueueKind | undefined
}

/** What a socket can be told. */
export interface SocketOptions {
  /** The socket underneath. @defaultValue the platform's, else `isomorphic-ws` */
  readonly WebSocket?: WebSocketConstructor | undefined
  /** Headers of the handshake; not in browsers. They make `isomorphic-ws` the default. */
  readonly headers?: Provided<Readonly<Record<string, string>>> | undefined
  /** How long a dial may take, the providers included. @defaultValue 10_000 */
  readonly connectTimeoutMs?: number | undefined
  /** How long the peer may take to answer a Close frame. @defaultValue 3000: platforms wait 30 s and more */
  readonly closeTimeoutMs?: number | undefined
  /** `false`: the first end is the last. */
  readonly reconnect?: ReconnectOptions | false | undefined
  /** How dead connections are noticed: `heartbeat()`. @defaultValue none: a protocol must have beats */
  readonly heartbeat?: Heartbeat | undefined
  readonly queue?: QueueOptions | undefined
  /** A protocol: one whose sessions outlive connections, or `readyWhen()`. @defaultValue none: an open connection is ready */
  readonly session?: SessionKind | undefined
  /** Replaces connections while they live: `rotate()`. @defaultValue none: a connection is used until it ends */
  readonly rotation?: RotationKind | undefined
  /** What dials share with other sockets and with fetch: `sharedDials()`. @defaultValue nothing */
  readonly dials?: DialGateKind | undefined
  /** @defaultValue `browserSignals()` */
  readonly signals?: PlatformSignals | undefined
  /** Closes the socket for good. */
  readonly signal?: AbortSignal | undefined
  /** @defaultValue `systemClock`: with any other, its timers keep a Node process alive or not, whatever `unref()` says */
  readonly clock?: Clock | undefined
  /** @defaultValue `systemRandom` */
  readonly random?: Random | undefined
}
