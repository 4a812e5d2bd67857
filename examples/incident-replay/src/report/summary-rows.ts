import type { WorldSummary } from '../statistics/world-summary.ts'
import { count, duration, percent, times } from './format.ts'

export interface SummaryRow {
  readonly label: string
  readonly cell: (summary: WorldSummary) => string
  /** Of what is good: from 0 to 1, to be shown in colour. */
  readonly success?: (summary: WorldSummary) => number | undefined
}

const pair = (a: number | undefined, b: number | undefined) => `${duration(a)} / ${duration(b)}`

/** When a world was well again, or that it was not. */
function recovery({ recoveredAfterMs }: WorldSummary): string {
  return recoveredAfterMs === undefined ? 'still down' : duration(recoveredAfterMs)
}

/** What is told of each world in the terminal and in the report. */
export const summaryRows: readonly SummaryRow[] = [
  {
    label: 'attempts per call, before',
    cell: ({ before }) => times(before.attemptsPerCall),
  },
  { label: '  in the spike', cell: ({ during }) => during.attemptsPerCall?.toFixed(2) ?? '–' },
  { label: '  after it', cell: ({ after }) => after.attemptsPerCall?.toFixed(2) ?? '–' },
  { label: '  in the worst minute', cell: (summary) => times(summary.peakAttemptsPerCall) },
  {
    label: 'calls that succeeded, before',
    cell: ({ before }) => percent(before.successRatio),
    success: ({ before }) => before.successRatio,
  },
  {
    label: '  in the spike',
    cell: ({ during }) => percent(during.successRatio),
  },
  {
    label: '  after it',
    cell: ({ after }) => percent(after.successRatio),
    success: ({ after }) => after.successRatio,
  },
  {
    label: '  in the last minute',
    cell: ({ end }) => percent(end.successRatio),
    success: ({ end }) => end.successRatio,
  },
  { label: 'not sent by the client, spike', cell: ({ during }) => percent(during.heldBackRatio) },
  { label: '  after it', cell: ({ after }) => percent(after.heldBackRatio) },
  { label: 'latency p50 / p99, before', cell: ({ before }) => pair(before.p50Ms, before.p99Ms) },
  { label: '  in the spike', cell: ({ during }) => pair(during.p50Ms, during.p99Ms) },
  { label: '  in the last minute', cell: ({ end }) => pair(end.p50Ms, end.p99Ms) },
  { label: 'wasted server work, spike', cell: ({ wastedDuring }) => percent(wastedDuring) },
  { label: '  after it', cell: ({ wastedAfter }) => percent(wastedAfter) },
  { label: 'answered 429', cell: ({ tally }) => count(tally.limited) },
  { label: 'answered 503', cell: ({ tally }) => count(tally.refused) },
  { label: 'requests timed out', cell: ({ tally }) => count(tally.timedOut) },
  { label: "server's queue empty after", cell: ({ drainedAfterMs }) => duration(drainedAfterMs) },
  {
    label: '> 99 % succeed after',
    cell: recovery,
    success: ({ recoveredAfterMs }) => (recoveredAfterMs === undefined ? 0 : 1),
  },
  {
    label: '99 % of sockets back after',
    cell: ({ sockets }) =>
      sockets.backAfterMs === undefined ? 'never' : duration(sockets.backAfterMs),
    success: ({ sockets }) => (sockets.backAfterMs === undefined ? 0 : 1),
  },
  { label: '  dials per user', cell: ({ sockets }) => times(sockets.dialsPerUser) },
  {
    label: '  dials in the worst second',
    cell: ({ sockets }) => count(sockets.peakDialsPerSecond),
  },
]
