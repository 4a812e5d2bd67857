/** How a fleet's sockets came back after they had been dropped; times in ms of the scenario. */
export interface SocketStats {
  /** From the drop until 99 % were connected again; `undefined` for never. */
  readonly backAfterMs: number | undefined
  readonly dialsPerUser: number
  /** In the worst second. */
  readonly peakDialsPerSecond: number
  /** Connected at the end, of all. */
  readonly connectedRatio: number
}

/** What a fleet has told of its sockets. */
export interface SocketRecords {
  readonly dialsAtMs: readonly number[]
  readonly connectedFrom: readonly (readonly [atMs: number, connected: number])[]
}

const backRatio = 0.99

/** Sums up what happened from the drop on, up to `endMs`. */
export function socketStats(
  { dialsAtMs, connectedFrom }: SocketRecords,
  users: number,
  herdAtMs: number,
  endMs: number,
): SocketStats {
  const changes = connectedFrom.filter(([atMs]) => atMs >= herdAtMs && atMs < endMs)
  // A timer of the server's comes late by a little.
  const droppedMs = changes[0]?.[0] ?? herdAtMs
  const dials = dialsAtMs.filter((atMs) => atMs >= droppedMs && atMs < endMs)
  const bySecond = new Map<number, number>()
  for (const atMs of dials) {
    const second = Math.floor((atMs - droppedMs) / 1_000)
    bySecond.set(second, (bySecond.get(second) ?? 0) + 1)
  }
  // The drop itself takes a moment, in which nearly all are still there.
  const gone = changes.findIndex(([, connected]) => connected < users * (1 - backRatio))
  const back = gone < 0 ? undefined : changes.slice(gone).find(([, n]) => n >= users * backRatio)
  return {
    backAfterMs: back && back[0] - droppedMs,
    dialsPerUser: dials.length / users,
    peakDialsPerSecond: Math.max(0, ...bySecond.values()),
    connectedRatio: (connectedFrom.findLast(([atMs]) => atMs < endMs)?.[1] ?? users) / users,
  }
}
