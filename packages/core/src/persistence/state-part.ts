import type { Release } from '../cancellation.ts'

/** What a part that is shared may ask of the other tabs. */
export interface StatePeers {
  /** Tells the other tabs, and what is saved, of a change: plain JSON, which their `load` will get. */
  changed(change: unknown): void
  /**
   * Asks to be the only tab that does something; gives `undefined` while another does. Whoever has it
   * must give it back.
   */
  claim(what: string): Promise<Release | undefined>
}

/** A part of a client's state that outlives a reload and is the same in all tabs, such as the circuits of a breaker. */
export interface StatePart {
  /** Parts of one name share. */
  readonly name: string
  /**
   * What is worth keeping, as plain JSON with times by the wall clock, or `undefined`. When the page
   * `isEnding`, the calls under way end with it.
   */
  save(isEnding: boolean): unknown
  /**
   * Takes in what `save` or `changed` gave, here before or in another tab; only ever tightens. Bears
   * anything, and says whether it made sense.
   */
  load(saved: unknown): boolean
  /** Begins to share. */
  connect(peers: StatePeers): Release
  /** Told which of how many tabs this is, from 0, so that they can take turns. */
  arrange?(rank: number, tabs: number): void
}

/**
 * How long it is until an instant by the wall clock that was saved at another: never longer than it was
 * then, so that a clock which has been set back holds nothing up.
 */
export function remainingMs(atMs: number, savedAtMs: number, wallNowMs: number): number {
  return Math.min(atMs - wallNowMs, Math.max(0, atMs - savedAtMs))
}
