import type { Priority } from '@evenkeel/core'
import type { BackendChange, BackendOptions } from '../backend/backend-options.ts'
import type { SocketFleet } from './socket-fleet.ts'

/** A stretch of a scenario that has figures of its own. Calls count for it by when they start. */
export interface Phase {
  readonly name: string
  readonly fromMs: number
  readonly toMs: number
}

/** A kind of user: how many there are, and how much they do. */
export interface UserClass {
  readonly name: string
  /** The part of the clients. */
  readonly ratio: number
  /** Calls of one, against the mean. */
  readonly activity: number
}

/** What users do. */
export interface Load {
  /** Calls a second of the whole fleet at factor 1, of the backend's full size. */
  readonly callsPerSecond: number
  /** Factors on that by instant, with straight lines between them. @defaultValue 1 all the time */
  readonly shape?: readonly (readonly [atMs: number, factor: number])[] | undefined
  /** Calls a second of a client in the busiest minute. @defaultValue 0.02, as of a chat app */
  readonly callsPerClient?: number | undefined
  /** The part of the calls of each priority. @defaultValue 0.3, 0.5 and 0.2 */
  readonly priorities?: Readonly<Record<Priority, number>> | undefined
  /** @defaultValue 40 % who do an eighth of the mean, 50 % who do 0.9 of it, 10 % who do five times it */
  readonly classes?: readonly UserClass[] | undefined
  /** The part of the calls that read, which replicas can answer. @defaultValue 0.8 */
  readonly readRatio?: number | undefined
  /** The part of the writes that may be applied twice, as with an idempotency key. @defaultValue 1 */
  readonly idempotentRatio?: number | undefined
  /** How long a user waits for an answer. @defaultValue 120_000 */
  readonly patienceMs?: number | undefined
}

/** Users who try again by hand. */
export interface Reloads {
  /** The part of those whose call failed. */
  readonly ratio: number
  /** How much later. @defaultValue 2000 to 10_000 */
  readonly afterMs?: readonly [fromMs: number, toMs: number] | undefined
  /** Whether what a client remembers is lost by it, unless it persists that. @defaultValue `true` */
  readonly forgets?: boolean | undefined
}

/** Everything between clients and gateway. */
export interface Network {
  /** There and back. @defaultValue 0 */
  readonly roundTripMs?: number | undefined
  /** The part of the attempts that get lost. @defaultValue 0 */
  readonly lossRatio?: number | undefined
}

/** A part of the clients that has no network for a while; each comes back within `backOverMs` after `toMs`. */
export interface OfflinePeriod {
  readonly ratio: number
  readonly fromMs: number
  readonly toMs: number
  /** @defaultValue 1000 */
  readonly backOverMs?: number | undefined
}

/** Calls that many clients make at once, as when a page reloads everywhere. */
export interface Pulse {
  readonly atMs: number
  /** Over which time they come. */
  readonly overMs: number
  /** The part of the clients, each with one call. */
  readonly ratio: number
}

/** A place with a backend of its own. */
export interface Region {
  readonly name: string
  /** The part of the clients, and of the backend's full size. */
  readonly ratio: number
}

/** Something that happens. */
export interface Change extends BackendChange {
  readonly atMs: number
  /** Which region it is about. @defaultValue all */
  readonly region?: string | undefined
  /** Sends a region's clients elsewhere, one after another. */
  readonly failover?: { readonly to: string; readonly overMs: number } | undefined
  /** What a person should read in a chart. */
  readonly label?: string | undefined
}

/** A bad hour: who calls, what answers, and what goes wrong. */
export interface Scenario {
  readonly name: string
  /** What happens, in a sentence or two. */
  readonly about: string
  readonly durationMs: number
  /** From when to when it is bad: recovery is counted from its end. */
  readonly trigger: readonly [fromMs: number, toMs: number]
  /** When it is worst: what counts as the spike. @defaultValue the trigger */
  readonly peak?: readonly [fromMs: number, toMs: number] | undefined
  /** Further phases to give figures for. @defaultValue none but `before`, `spike` and `after` */
  readonly phases?: readonly Phase[] | undefined
  readonly load: Load
  /** @defaultValue none */
  readonly reloads?: Reloads | undefined
  readonly pulses?: readonly Pulse[] | undefined
  readonly network?: Network | undefined
  readonly offline?: readonly OfflinePeriod[] | undefined
  /** The connections that clients hold. @defaultValue none */
  readonly sockets?: SocketFleet | undefined
  readonly backend: BackendOptions
  /** @defaultValue one */
  readonly regions?: readonly Region[] | undefined
  readonly changes?: readonly Change[] | undefined
  /** How many clients to simulate by default. @defaultValue 21_400 */
  readonly clients?: number | undefined
}
