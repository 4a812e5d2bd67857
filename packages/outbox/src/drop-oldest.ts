import { type OutboxEntry, ranks } from './entry.ts'

/** An entry for which there is no room. */
export interface Overflowing {
  readonly entry: OutboxEntry
  /** What waits, in order, and could go for it. */
  readonly others: readonly OutboxEntry[]
  /** Whether there is room once these are gone. */
  readonly fits: (victims: readonly OutboxEntry[]) => boolean
}

/** Says what goes to make room; `undefined`: the new entry. */
export type Overflow = (overflowing: Overflowing) => readonly OutboxEntry[] | undefined

/** Drops the oldest of the least important, and nothing that is more important than what comes. */
export const dropOldest: Overflow = ({ entry, others, fits }) => {
  const rank = ({ priority }: OutboxEntry): number => ranks[priority]
  const victims: OutboxEntry[] = []
  for (const each of others
    .filter((other) => rank(other) >= rank(entry))
    .sort((a, b) => rank(b) - rank(a))) {
    victims.push(each)
    if (fits(victims)) return victims
  }
  return undefined
}
