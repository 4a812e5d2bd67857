import type { User } from './model.ts'

/** Somebody who writes, unless nothing is heard of it until `untilMs` of the app's clock. */
export interface Typist {
  readonly channelId: string
  readonly user: User
  readonly untilMs: number
}

/** Discord shows it for so long (docs.discord.com/developers/resources/channel#trigger-typing-indicator). */
export const typingMs = 10_000

/** The typists after one was heard of; who has long been silent is forgotten. */
export function withTypist(
  typists: readonly Typist[],
  typist: Typist,
  nowMs: number,
): readonly Typist[] {
  return [
    ...withoutTypist(typists, typist.channelId, typist.user.id).filter(
      ({ untilMs }) => untilMs > nowMs,
    ),
    typist,
  ]
}

/** The typists without one, whose message has come. */
export function withoutTypist(
  typists: readonly Typist[],
  channelId: string,
  userId: string,
): readonly Typist[] {
  return typists.filter((each) => each.channelId !== channelId || each.user.id !== userId)
}
