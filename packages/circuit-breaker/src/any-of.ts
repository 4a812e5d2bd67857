import type { Trip } from './trip.ts'

/** Opens when any of the trips would; the first listed names the reason. */
export function anyOf(...trips: readonly Trip[]): Trip {
  return {
    timed: trips.some(({ timed }) => timed),
    slowMs: Math.min(...trips.map(({ slowMs }) => slowMs)),
    size: trips.reduce((sum, { size }) => sum + size, 0),
    record(memory, at, failed, durationMs, nowMs) {
      let first: string | undefined
      let from = at
      for (const trip of trips) {
        const reason = trip.record(memory, from, failed, durationMs, nowMs)
        first ??= reason
        from += trip.size
      }
      return first
    },
  }
}
