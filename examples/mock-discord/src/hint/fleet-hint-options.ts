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
  /** The least share to aim for while work piles up. */
  readonly drainRatio: number
  /** How fast time goes in the model: what the controller calls a second is as much of it. */
  readonly timeScale: number
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
    timeScale: time,
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
  timeScale: positive,
  periodMs: positive,
  ttlMs: positive,
  level: orUnlimited(number(0, 3)),
})
