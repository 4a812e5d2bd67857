/**
 * A number from 0 up to but not 1 that belongs to a client for good: who is below a ratio, is of that part
 * of the fleet. Each `use` ranks them anew. (The finalizer of MurmurHash3.)
 */
export function rankOf(client: number, use: number): number {
  let mixed = Math.imul(client ^ Math.imul(use, 0x9e3779b1), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32
}

/** What clients are ranked for. */
export const ranks = {
  region: 1,
  cohort: 2,
  rollout: 3,
  offline: 4,
  back: 5,
  pulse: 6,
  failover: 7,
}
