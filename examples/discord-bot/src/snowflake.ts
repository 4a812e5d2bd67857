const discordEpochMs = 1_420_070_400_000

/** The least id that something made then can have: ids of Discord begin with their time. */
export function snowflakeAt(wallMs: number): string {
  return String(BigInt(Math.max(0, Math.trunc(wallMs) - discordEpochMs)) << 22n)
}

/** When what has an id was made. */
export function wallMsOf(id: string): number {
  return Number(BigInt(id) >> 22n) + discordEpochMs
}

/** Whether an id is of a later thing than another. */
export function isLater(id: string, than: string): boolean {
  return BigInt(id) > BigInt(than)
}
