import type { Trip } from './trip.ts'

/** Opens when any of the trips would; the first listed names the reason. */
export function anyOf(first: Trip, ...others: readonly Trip[]): Trip {
  return others.reduce(eitherOf, first)
}

function eitherOf(one: Trip, other: Trip): Trip {
  return {
    slowMs: Math.min(one.slowMs, other.slowMs),
    size: one.size + other.size,
    isTimed: (memory, at) => one.isTimed(memory, at) || other.isTimed(memory, at + one.size),
    record(memory, at, failed, durationMs, nowMs) {
      // Both count every call.
      const reason = one.record(memory, at, failed, durationMs, nowMs)
      const second = other.record(memory, at + one.size, failed, durationMs, nowMs)
      return reason ?? second
    },
  }
}
