/** As much of a user as is shown. */
export interface User {
  readonly id: string
  readonly name: string
}

/** A channel to write in. */
export interface Channel {
  readonly id: string
  readonly name: string
  readonly topic: string
  readonly lastMessageId: string | undefined
}

/** A file of a message, where it can be fetched. */
export interface Attachment {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly bytes: number
  /** As in `image/png`. */
  readonly type: string
}

/** One emoji under a message. */
export interface Reaction {
  readonly emoji: string
  readonly count: number
  readonly isMine: boolean
}

/** A message that the server has. */
export interface Message {
  readonly id: string
  readonly channelId: string
  readonly author: User
  readonly content: string
  /** Epoch milliseconds. */
  readonly sentAtMs: number
  readonly isEdited: boolean
  readonly attachments: readonly Attachment[]
  readonly reactions: readonly Reaction[]
  /** What its sender called it before it had an id. */
  readonly nonce: string | undefined
}
