import type { Priority } from '@evenkeel/core'

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

type Bag = Readonly<Record<string, unknown>>
type Check = (value: unknown) => boolean

const isText: Check = (value) => typeof value === 'string'
const isOptionalText: Check = (value) => value === undefined || isText(value)
const isNumber: Check = Number.isFinite
const isOptionalNumber: Check = (value) => value === undefined || isNumber(value)

const shape: Readonly<Record<string, Check>> = {
  lane: isText,
  priority: isText,
  idempotencyKey: isOptionalText,
  dedupKey: isOptionalText,
  revision: isNumber,
  bytes: isNumber,
  enqueuedAtMs: isNumber,
  expiresAtMs: isNumber,
  attempts: isNumber,
  firstSentAtMs: isOptionalNumber,
  leaseUntilMs: isOptionalNumber,
  wait: (value) => value === undefined || has(Object(value), waitShape),
}
const waitShape: Readonly<Record<keyof EntryWait, Check>> = {
  fromMs: isNumber,
  laneMs: isNumber,
  holdMs: isNumber,
  askedMs: isNumber,
  failures: isNumber,
}

function has(bag: Bag, checks: Readonly<Record<string, Check>>): boolean {
  for (const name in checks) if (!checks[name]?.(bag[name])) return false
  return true
}

/** Reads what a store holds under an id: what another version, or a bug, wrote is told, not thrown. */
export function readEntry(id: string, value: unknown): OutboxEntry | Unreadable {
  const bag = Object(value) as Bag
  if ((bag.version as number) > version) return 'futureVersion'
  const isWhole = bag.version === version && bag.id === id && 'payload' in bag && has(bag, shape)
  return isWhole ? (value as OutboxEntry) : 'corrupt'
}
