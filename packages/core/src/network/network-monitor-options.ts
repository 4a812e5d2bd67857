import type { Release } from '../cancellation.ts'
import type { Clock } from '../clock.ts'
import type { Policy } from '../policy.ts'
import type { Adaptation, NetworkFacts } from './adaptation.ts'
import type { NetworkInformationLike } from './network-information.ts'
import type { TimingSource } from './resource-timings.ts'

/** How the platform tells whether there is a network; the signals of sockets are such. */
export interface NetworkSignals {
  /** Whether there is a network, as far as the platform knows. */
  isOnline(): boolean
  /** Calls back with `online` or `offline` on each change, until released; other signals are left alone. */
  listen(listener: (signal: string) => void): Release
}

/** What an app, a host or a socket saw of the network. */
export interface NetworkObservation {
  /**
   * `answered`: something came in. `unreachable`: no connection could be made, or the one there was is gone.
   * `timedOut`: there was no answer in `elapsedMs`.
   */
  readonly outcome: 'answered' | 'unreachable' | 'timedOut'
  /** Whom was called: two that are unreachable in a row are a network that is down. @defaultValue `'default'` */
  readonly key?: string | undefined
  /** A round trip: a ping, a handshake, or from a request to the first byte of its answer. */
  readonly rttMs?: number | undefined
  /** What a body of 32 kB or more came with. */
  readonly downlinkKbps?: number | undefined
  /** How long the whole attempt took; taken for round trips where none are known. */
  readonly elapsedMs?: number | undefined
}

/** The network is not what it was. */
export interface NetworkChanged {
  readonly type: 'networkChanged'
  readonly before: NetworkFacts
  readonly facts: NetworkFacts
  readonly adaptation: Adaptation
}

/** What {@link networkMonitor} can be told. */
export interface NetworkMonitorOptions {
  /** @defaultValue `browserSignals()` */
  readonly signals?: NetworkSignals | undefined
  /** @defaultValue `navigator.connection`, where there is one */
  readonly connection?: NetworkInformationLike | undefined
  /** Where requests are observed; `false`: only what `observe` is told. @defaultValue the platform's resource timings */
  readonly timings?: TimingSource | false | undefined
  /** `false`: its values are there to see, and change nothing. @defaultValue `true` */
  readonly adapts?: boolean | undefined
  /** @defaultValue `timeoutClock` */
  readonly clock?: Clock | undefined
}

/** What is known of this device's network. */
export interface NetworkMonitor extends Disposable {
  readonly facts: NetworkFacts
  readonly adaptation: Adaptation
  /** Takes in what was seen of the network; a time or a speed that is no number says nothing. @throws `RangeError` for another outcome */
  observe(observation: NetworkObservation): void
  /** Calls back when state, quality or the wish to save data has changed, until released. */
  listen(listener: (event: NetworkChanged) => void): Release
  /** A `timeout` that is longer where the network is slow, and observes what it times. */
  timeout(timeoutMs: number): Policy
  /** Stops listening to the platform. */
  close(): void
}
