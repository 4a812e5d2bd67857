import { type LiveSource, liveView } from '../terminal/live-view.ts'

/** One world at an instant; `null` where there was nothing to measure. Rates are a second of the scenario. */
export interface WorldFrame {
  /** Of the calls that ended, or got stuck, in the last stretch. */
  readonly success: number | null
  readonly attemptsPerCall: number | null
  readonly callsPerSecond: number
  readonly requestsPerSecond: number
  readonly queued: number
  /** The share of the database's time in the last stretch that nobody waited for. */
  readonly wasted: number | null
  readonly connected: number
  readonly dialsPerSecond: number
}

/** All worlds at an instant of the scenario, in the order of the page. */
export interface LiveFrame {
  readonly atMs: number
  readonly worlds: readonly WorldFrame[]
}

/** Over which time rates are taken. */
const rateMs = 7_000
const wasteMs = 20_000

/** Reads off the worlds how they are. */
export function liveFrame(atMs: number, sources: readonly LiveSource[]): LiveFrame {
  return { atMs: Math.round(atMs), worlds: sources.map(worldFrame) }
}

function worldFrame(source: LiveSource): WorldFrame {
  const { fleetSamples, serverSamples } = source
  const view = liveView(source, { columns: 1, spanMs: 1 })
  const last = fleetSamples.at(-1)
  const nowMs = last?.atMs ?? 0
  const before = fleetSamples.findLast(({ atMs }) => atMs <= nowMs - rateMs) ?? fleetSamples[0]
  const seconds = (nowMs - (before?.atMs ?? 0)) / 1_000
  const perSecond = (to = 0, from = 0) => (seconds > 0 ? rounded((to - from) / seconds) : 0)
  const server = serverSamples.at(-1)
  const earlier = serverSamples.findLast(({ atMs }) => atMs <= nowMs - wasteMs) ?? serverSamples[0]
  const wastedMs = (server?.wastedMs ?? 0) - (earlier?.wastedMs ?? 0)
  const workedMs = wastedMs + (server?.usefulMs ?? 0) - (earlier?.usefulMs ?? 0)
  return {
    success: rounded(view.success),
    attemptsPerCall: rounded(view.attemptsPerCall),
    callsPerSecond: perSecond(last?.tally.begun, before?.tally.begun),
    requestsPerSecond: perSecond(last?.tally.attempts, before?.tally.attempts),
    queued: view.queued,
    wasted: workedMs > 0 ? rounded(wastedMs / workedMs) : null,
    connected: view.connected,
    dialsPerSecond: perSecond(last?.dials, before?.dials),
  }
}

function rounded(value: number): number
function rounded(value: number | undefined): number | null
function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value * 1_000) / 1_000
}
