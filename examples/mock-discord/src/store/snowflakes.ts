/** 2015-01-01, the first millisecond of Discord's ids. */
const discordEpochMs = 1_420_070_400_000

/** Makes ids of the time, rising even within a millisecond or when the clock steps back. */
export function snowflakes(now: () => number): () => string {
  let lastMs = 0
  let sequence = 0
  return () => {
    const ms = Math.floor(now())
    if (ms > lastMs) {
      lastMs = ms
      sequence = 0
    } else if (++sequence > 0xfff) {
      lastMs++
      sequence = 0
    }
    return ((BigInt(lastMs - discordEpochMs) << 22n) | BigInt(sequence)).toString()
  }
}

/** Gives the first id of a millisecond. */
export function snowflakeAt(ms: number): string {
  return (BigInt(Math.max(0, Math.floor(ms) - discordEpochMs)) << 22n).toString()
}

/** Reads the time out of an id, in epoch milliseconds. */
export function timestampOf(id: string): number {
  return Number(BigInt(id) >> 22n) + discordEpochMs
}

/** Orders ids by age without making them numbers, which would lose digits. */
export function compareIds(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length
  return a < b ? -1 : a > b ? 1 : 0
}

/** Tells whether a value can be an id. */
export const isSnowflake = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{1,20}$/.test(value)
