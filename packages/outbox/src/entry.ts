import type { Priority } from '@evenkeel/core'
import { checkType, checkWord } from './checks.ts'

/** How long to stay away after a failure; stored, so that a reload shortens no wait. */
export interface EntryWait {
  /** When the failure came, in epoch milliseconds. */
  readonly fromMs: number
  /** For the entry's lane. */
  readonly laneMs: number
  /** For the whole outbox, of its own choice. */
  readonly holdMs: number
  /** For the whole outbox, as the server or a policy asked. */
  readonly askedMs: number
  /** How many sends in a row had failed, whatever their lane. */
  readonly failures: number
}

/** A mutation that waits to be sent, as stores keep it. Times are epoch milliseconds. */
export interface OutboxEntry<T = unknown> {
  /** Of this shape; an entry of a later version is left alone. */
  readonly version: 1
  /** Sorts as the entries were enqueued. */
  readonly id: string
  /** Grows with every change: what makes a change conditional. */
  readonly revision: number
  /** Entries of a lane are sent one after another, in order. */
  readonly lane: string
  /** Of the lane, when it was enqueued. */
  readonly priority: Priority
  readonly payload: T
  /** The same for every send, over crashes and reloads; without one the entry is sent at most once. */
  readonly idempotencyKey: string | undefined
  readonly dedupKey: string | undefined
  /** As counted against `maxBytes`. */
  readonly bytes: number
  readonly enqueuedAtMs: number
  /** From then on it is not sent, but reported. */
  readonly expiresAtMs: number
  /** Sends so far that may have reached the server, the one under way included. */
  readonly attempts: number
  /** When the first of them began. */
  readonly firstSentAtMs: number | undefined
  /** While it is under way: when one who has no lock may take the sender for dead. */
  readonly leaseUntilMs: number | undefined
  readonly wait: EntryWait | undefined
}

/** Why a stored value is set aside. */
export type Unreadable = 'corrupt' | 'futureVersion'

const version = 1

/** Which of the lanes that can go goes first. */
export const ranks = { critical: 0, important: 1, deferred: 2 } as const

/** What fields are, by `typeof`; a number is a finite one. */
const fields: Readonly<Record<string, string>> = {
  lane: 'string',
  idempotencyKey: 'string or undefined',
  dedupKey: 'string or undefined',
  revision: 'number',
  bytes: 'number',
  enqueuedAtMs: 'number',
  expiresAtMs: 'number',
  attempts: 'number',
  firstSentAtMs: 'number or undefined',
  leaseUntilMs: 'number or undefined',
}
const waitFields = ['fromMs', 'laneMs', 'holdMs', 'askedMs', 'failures']

/** Checks all fields but the payload. @throws `RangeError` naming field, rule and value */
export function checkEntry(entry: object): void {
  const bag = entry as Readonly<Record<string, unknown>>
  for (const name in fields) checkType(name, bag[name], fields[name])
  checkWord('priority', bag.priority, Object.keys(ranks))
  if (bag.wait !== undefined)
    for (const name of waitFields) checkType(name, Object(bag.wait)[name], 'number')
}

/** Reads what a store holds under an id: what another version, or a bug, wrote is told, not thrown. */
export function readEntry(id: string, value: unknown): OutboxEntry | Unreadable {
  const bag = Object(value)
  if (bag.version > version) return 'futureVersion'
  try {
    checkEntry(bag)
    if (bag.version === version && bag.id === id && 'payload' in bag) return bag
  } catch {
    // Said by what follows.
  }
  return 'corrupt'
}
