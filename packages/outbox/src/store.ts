import type { OutboxEntry } from './entry.ts'
import type { EntryFact } from './events.ts'
import type { OutboxSignals } from './signals.ts'

/** What happens to one id. */
export interface StoreChange {
  readonly id: string
  /** The revision found there, 0 for nothing at all; `undefined` sets no condition. */
  readonly revision: number | undefined
  /** What is there from now on; `undefined` removes it. */
  readonly entry: OutboxEntry | undefined
}

/** What pages that share a store tell each other of an entry. */
export interface StoreNote {
  readonly type: EntryFact['type']
  readonly id: string
}

/** How a shared store speaks to the outbox over it. */
export interface StoreMember {
  /** The turn has come, or is lost. */
  turned(): void
  /** Another page did something. */
  noted(note: StoreNote): void
  /**
   * The store keeps entries in memory from now on: the `cause` says why. `held` are entries that it
   * does not give any more, since whoever finds them in the lost store would send them again.
   */
  lost(cause: unknown, held: readonly (readonly [id: string, value: unknown])[]): void
}

/** One page's part in a store that several share: one of them sends. */
export interface StoreTurn {
  /** Whether it is this page that sends. */
  readonly isMine: boolean
  /** Whether no other page can send at the same time; else only the leases of entries say who is at them. */
  readonly isExclusive: boolean
  /** Waits for the turn, unless that is so already. */
  ask(): void
  /** Gives the turn back, or the place in the queue. */
  yield(): void
  /** Tells the other pages. */
  tell(note: StoreNote): void
}

/**
 * Keeps the entries of an outbox. What it is asked takes effect, and is answered, in the order in
 * which it was asked.
 */
export interface OutboxStore {
  /** All there is, by id in ascending order, readable or not. */
  read(): Promise<readonly (readonly [id: string, value: unknown])[]>
  /**
   * Makes all changes or none, durably; false, and none, when a condition does not hold. A write that
   * rejects has not taken effect, nor will it.
   *
   * @throws `QUOTA_EXCEEDED` when there is no room, `STORE_LOCKED` while another process has it,
   * `STORE_VERSION` when a later version of this package wrote what is there
   */
  write(changes: readonly StoreChange[]): Promise<boolean>
  /** Lets go of it; the entries stay. */
  close(): Promise<void>
  /** Of a store that other pages can reach: takes part. */
  join?(member: StoreMember): StoreTurn
  /** Of a store that lives in pages: what those tell. */
  readonly signals?: OutboxSignals
}
