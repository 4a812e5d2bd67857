import type { Release } from '../cancellation.ts'
import type { Clock, Random } from '../clock.ts'
import type { PagePhase } from './page-life.ts'
import type { StateEvent } from './state-events.ts'
import type { StateLocks } from './state-locks.ts'
import type { StateStore } from './state-store.ts'
import type { StateChannel } from './tab-channel.ts'

/** What `shareState` can be told. */
export interface ShareStateOptions {
  /** Whoever has the same one, of one origin, shares. @defaultValue `'evenkeel'` */
  readonly name?: string | undefined
  /** @defaultValue `webStore()`: Web Storage of the origin, else memory */
  readonly store?: StateStore | undefined
  /** How tabs speak with each other; `false`: not at all. @defaultValue `BroadcastChannel`, where there is one */
  readonly channel?: ((name: string) => StateChannel) | false | undefined
  /** How tabs find who alone may do something; `false`: each may. @defaultValue `navigator.locks`, where there is one */
  readonly locks?: StateLocks | false | undefined
  /** Tells what the page goes through, and gives how to stop. @defaultValue by `pagehide`, `pageshow` and `visibilitychange` */
  readonly page?: ((tell: (phase: PagePhase) => void) => Release) | undefined
  /** How old saved state may be. @defaultValue 3_600_000, one hour: after which policies forget by themselves */
  readonly ttlMs?: number | undefined
  /** How long a change may wait to be saved; the end of the page does not wait. @defaultValue 1000 */
  readonly saveEveryMs?: number | undefined
  /** The most characters that are saved, and that are read of what is saved or said. @defaultValue 100_000: some hundred keys */
  readonly maxLength?: number | undefined
  /** Told what was restored, what was ignored and when the store fails. */
  readonly onEvent?: ((event: StateEvent) => void) | undefined
  /** @defaultValue `timeoutClock`: a change that is not saved yet keeps no Node process alive */
  readonly clock?: Clock | undefined
  /** @defaultValue `systemRandom` */
  readonly random?: Random | undefined
}

/** State that outlives reloads and is shared by tabs. */
export interface SharedState extends Disposable {
  /** Settles when what was saved has been taken over: it already has, unless the store is slow to answer. */
  readonly ready: Promise<void>
  /** How many other tabs share it. */
  readonly tabs: number
  /** How much was left unread: foreign, malformed, too old, too long, or of a later version. */
  readonly ignored: number
  /** Saves now what would be saved soon. */
  save(): void
  /** Saves, and stops sharing; no timer, listener, channel or lock remains. */
  close(): void
}
