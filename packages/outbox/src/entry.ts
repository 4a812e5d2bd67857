import type { Priority } from '@evenkeel/core'
import { checkType } from './checks.ts'

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

/** What fields are, by `typeof`; a number is a finite one. */
type Shape = Readonly<Record<string, string>>

const entryShape: Shape = {
  lane: 'string',
  priority: 'string',
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
const waitShape: Shape = {
  fromMs: 'number',
  laneMs: 'number',
  holdMs: 'number',
  askedMs: 'number',
  failures: 'number',
}

/** Checks all fields but the payload. @throws `RangeError` naming field, type and value */
export function checkEntry(entry: object, shape: Shape = entryShape): void {
  const bag = entry as Readonly<Record<string, unknown>>
  for (const name in shape) checkType(name, bag[name], shape[name])
  if (bag.wait !== undefined) checkEntry(Object(bag.wait), waitShape)
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
