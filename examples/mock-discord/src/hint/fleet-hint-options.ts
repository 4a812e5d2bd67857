import type { Scale } from '../backend/scaled.ts'
import { boolean, number, orUnlimited, partial, positive, type Reader } from '../options/readers.ts'

/** The level that the mock publishes to all its clients at once. */
export interface FleetHintOptions {
  /** Whether it publishes any: Discord does not. */
  readonly enabled: boolean
  /** Requests a second that the services do at their best; `Infinity`: what the database's law says. */
  readonly capacityPerSecond: number
  /** The share of that to aim for. */
  readonly targetRatio: number
  /** The share to aim for while work piles up. */
  readonly drainRatio: number
  /** More than this until the queue is drained is piling up, in ms. */
  readonly behindMs: number
  /**
   * More in service than this multiple of what is served best is piling up too. Just above 1 comes by chance, and
   * aiming low for it costs; above 2 a pool is so slow that it never gets down again.
   */
  readonly behindCrowding: number
  /** Between two levels, in ms. */
  readonly periodMs: number
  /** How long clients may believe a level, in ms. */
  readonly ttlMs: number
  /** What an operator sets it to, whatever is demanded; `Infinity`: nobody does. */
  readonly level: number
}

export type FleetHintPatch = Partial<FleetHintOptions>

/** Off, and with the defaults of `@evenkeel/rate-limit/fleet-hint-server`, in the time of a scale. */
export function defaultFleetHint({ time }: Pick<Scale, 'time'>): FleetHintOptions {
  return {
    enabled: false,
    capacityPerSecond: Number.POSITIVE_INFINITY,
    targetRatio: 0.92,
    drainRatio: 0.35,
    behindMs: 1_000 / time,
    behindCrowding: 1.5,
    periodMs: 1_000 / time,
    ttlMs: 30_000 / time,
    level: Number.POSITIVE_INFINITY,
  }
}

/** Reads a change to the fleet hint. */
export const readFleetHintPatch: Reader<FleetHintPatch> = partial<FleetHintOptions>({
  enabled: boolean,
  capacityPerSecond: orUnlimited(positive),
  targetRatio: number(0, 1),
  drainRatio: number(0, 1),
  behindMs: positive,
  behindCrowding: positive,
  periodMs: positive,
  ttlMs: positive,
  level: orUnlimited(number(0, 3)),
})
