import type { Trip } from './trip.ts'

/** Opens when any of the trips would; the first listed names the reason. */
export function anyOf(...trips: readonly Trip[]): Trip {
  return {
    timed: trips.some(({ timed }) => timed),
    slowMs: Math.min(...trips.map(({ slowMs }) => slowMs)),
    create() {
      const memories = trips.map((trip) => trip.create())
      return {
        record(failed, durationMs, nowMs) {
          let first: string | undefined
          for (const memory of memories) {
            const reason = memory.record(failed, durationMs, nowMs)
            first ??= reason
          }
          return first
        },
      }
    },
  }
}
