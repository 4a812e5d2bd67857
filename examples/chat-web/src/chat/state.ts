import type { ReadMarkers } from './event.ts'
import type { Channel, User } from './model.ts'
import type { Outgoing } from './outgoing.ts'
import type { Timeline } from './timeline.ts'
import type { Typist } from './typing.ts'

/** All that the chat knows. */
export interface ChatState {
  readonly me: User | undefined
  readonly channels: readonly Channel[]
  readonly activeId: string | undefined
  /** Whether somebody looks. */
  readonly isAttentive: boolean
  /** Whether there is a network, as far as the browser knows. */
  readonly isOnline: boolean
  /** Whether what is on its way survives this page. */
  readonly isKept: boolean
  readonly timelines: Readonly<Record<string, Timeline>>
  readonly outgoing: readonly Outgoing[]
  readonly typists: readonly Typist[]
  readonly read: ReadMarkers
  /** What had been read of the active channel when somebody began to look at it, if not all: what is younger is new. */
  readonly newAfterId: string | undefined
}

export const initialChat: ChatState = {
  me: undefined,
  channels: [],
  activeId: undefined,
  isAttentive: true,
  isOnline: true,
  isKept: true,
  timelines: {},
  outgoing: [],
  typists: [],
  read: {},
  newAfterId: undefined,
}
