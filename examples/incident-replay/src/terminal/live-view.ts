import type { FleetSample, ServerSample } from '../run/messages.ts'
import type { World } from '../worlds/world.ts'

/** One world as it is now. */
export interface LiveView {
  readonly title: string
  /** Of the calls that ended, or got stuck, within the last stretch; with a history for a sparkline. */
  readonly success: number | undefined
  readonly successHistory: readonly (number | undefined)[]
  /** Attempts sent per call begun, within the last stretch. */
  readonly attemptsPerCall: number | undefined
  readonly queued: number
  /** Users connected to the Gateway now. */
  readonly connected: number
  readonly limited: number
  readonly refused: number
  readonly timedOut: number
}

/** What the view is made from. */
export interface LiveSource {
  readonly world: Pick<World, 'title'>
  readonly fleetSamples: readonly FleetSample[]
  readonly serverSamples: readonly ServerSample[]
}

const stretchMs = 20_000

/** Gives a world as of its latest samples; `columns` points of history over `spanMs`. */
export function liveView(
  { world: { title }, fleetSamples, serverSamples }: LiveSource,
  { columns, spanMs }: { readonly columns: number; readonly spanMs: number },
): LiveView {
  const latest = fleetSamples.at(-1)
  const at = (atMs: number) => fleetSamples.findLast((sample) => sample.atMs <= atMs)
  const success = (fromMs: number, toMs: number): number | undefined => {
    const from = at(fromMs)
    const to = at(toMs)
    const good = (to?.tally.succeeded ?? 0) - (from?.tally.succeeded ?? 0)
    const bad = (to?.tally.failed ?? 0) - (from?.tally.failed ?? 0)
    const stuck = Math.max(0, (to?.waiting ?? 0) - (from?.waiting ?? 0))
    const all = good + bad + stuck
    return all > 0 ? good / all : undefined
  }
  const nowMs = latest?.atMs ?? 0
  const stepMs = spanMs / columns
  const drawn = Math.min(columns, Math.floor(nowMs / stepMs))
  const before = at(nowMs - stretchMs)?.tally
  const begun = (latest?.tally.begun ?? 0) - (before?.begun ?? 0)
  const attempts = (latest?.tally.attempts ?? 0) - (before?.attempts ?? 0)
  return {
    title,
    success: success(nowMs - stretchMs, nowMs),
    successHistory: Array.from({ length: drawn }, (_, step) =>
      success(step * stepMs, (step + 1) * stepMs),
    ),
    attemptsPerCall: begun > 0 ? attempts / begun : undefined,
    connected: latest?.connected ?? 0,
    queued: serverSamples.at(-1)?.queued ?? 0,
    limited: latest?.tally.limited ?? 0,
    refused: latest?.tally.refused ?? 0,
    timedOut: latest?.tally.timedOut ?? 0,
  }
}
