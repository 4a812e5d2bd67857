/** Something that happened, as the Gateway tells it to those who may see it. */
export interface StoreEvent {
  /** The name of the dispatch, as in `MESSAGE_CREATE`. */
  readonly t: string
  readonly d: object
  /** Where it happened; without one, it is between users. */
  readonly guildId?: string | undefined
  /** Only these users see it; everyone in the guild when absent. */
  readonly userIds?: readonly string[] | undefined
  /** Who it is about. */
  readonly actorId?: string | undefined
  /** The number of an injected message, by which losses and doubles are found. */
  readonly number?: number | undefined
}
