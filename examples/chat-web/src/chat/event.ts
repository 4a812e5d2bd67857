import type { Channel, Message, User } from './model.ts'
import type { Outgoing, SendStatus } from './outgoing.ts'

/** The last message that was read, by channel. */
export type ReadMarkers = Readonly<Record<string, string>>

/** Something that changes the chat: told by the server, or done by the user. */
export type ChatEvent =
  | {
      readonly type: 'signedIn'
      readonly me: User
      readonly channels: readonly Channel[]
      readonly read: ReadMarkers
    }
  | { readonly type: 'signedOut' }
  /** The channels as they are now, after a time in which changes may have been missed. */
  | { readonly type: 'channelsLoaded'; readonly channels: readonly Channel[] }
  | { readonly type: 'channelOpened'; readonly channelId: string }
  /** Whether somebody looks. */
  | { readonly type: 'attention'; readonly isAttentive: boolean }
  | { readonly type: 'networkChanged'; readonly isOnline: boolean }
  /** The browser stores nothing: what is on its way is lost with the page. */
  | { readonly type: 'storageLost' }
  | { readonly type: 'historyRequested'; readonly channelId: string }
  | {
      readonly type: 'historyLoaded'
      readonly channelId: string
      readonly messages: readonly Message[]
    }
  | { readonly type: 'historyFailed'; readonly channelId: string; readonly because: string }
  | { readonly type: 'messageArrived'; readonly message: Message }
  | { readonly type: 'messageEdited'; readonly message: Message }
  | { readonly type: 'messageDeleted'; readonly channelId: string; readonly messageId: string }
  | {
      readonly type: 'reactionChanged'
      readonly channelId: string
      readonly messageId: string
      readonly emoji: string
      readonly isAdded: boolean
      readonly isMine: boolean
    }
  | {
      readonly type: 'typingStarted'
      readonly channelId: string
      readonly user: User
      readonly nowMs: number
    }
  | { readonly type: 'sendRequested'; readonly outgoing: Outgoing }
  | { readonly type: 'sendProgressed'; readonly nonce: string; readonly status: SendStatus }
  | { readonly type: 'sendAccepted'; readonly nonce: string; readonly message: Message }
  | { readonly type: 'sendDiscarded'; readonly nonce: string }
