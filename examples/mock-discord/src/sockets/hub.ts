import type { Scheduler } from '../backend/scheduler.ts'
import type { Store } from '../store/store.ts'
import type { IdentifyLimits } from './identify-limits.ts'
import type { Presences } from './presences.ts'
import type { Sessions } from './sessions.ts'
import type { SocketCounters } from './socket-counters.ts'
import type { SocketOptions } from './socket-options.ts'

/** What all connections share. */
export interface Hub {
  readonly scheduler: Scheduler
  readonly store: Store
  readonly sessions: Sessions
  readonly identifyLimits: IdentifyLimits
  readonly presences: Presences
  readonly tokens: ReadonlySet<string> | undefined
  readonly options: SocketOptions
  readonly counters: SocketCounters
  /** What the server asks of its whole fleet, as the field `Fleet-Hint` says it. */
  readonly fleetHint: string | undefined
  /** When all members of a guild were last asked for, by bot and guild. */
  readonly membersAskedMs: Map<string, number>
  /** Ends every session of a bot, with this close code. */
  expel(credential: string): void
}

/** The same, for whoever changes it. */
export type OpenHub = { -readonly [Key in keyof Hub]: Hub[Key] }
