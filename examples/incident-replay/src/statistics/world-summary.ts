import type { Tally } from '../fleet/tally.ts'
import { emptyTally } from '../fleet/tally.ts'
import type { ServerSample } from '../run/messages.ts'
import type { WorldResult } from '../run/replay.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { Timeline } from '../scenario/timeline.ts'
import { type CallStats, callStats, type Span } from './call-stats.ts'
import { drainedAtMs } from './drained.ts'
import { peakAttemptsPerCall } from './peak-attempts.ts'
import { recoveredAtMs } from './recovery.ts'
import { type SocketStats, socketStats } from './socket-stats.ts'
import { spansOf } from './spans.ts'

/** The figures of one world; times in ms of the scenario. */
export interface WorldSummary {
  readonly name: string
  readonly title: string
  readonly before: CallStats
  readonly during: CallStats
  readonly after: CallStats
  /** The last minute that is counted. */
  readonly end: CallStats
  /** From the moment at which the server's queue was empty for good. */
  readonly drained: CallStats | undefined
  readonly peakAttemptsPerCall: number
  /** The share of the database's time spent on requests whose clients had gone. */
  readonly wastedDuring: number | undefined
  readonly wastedAfter: number | undefined
  readonly tally: Tally
  readonly serverRequests: number
  readonly sockets: SocketStats
  /** From the end of the spike. */
  readonly drainedAfterMs: number | undefined
  /** From the end of the spike until more than 99 % succeed, for good. */
  readonly recoveredAfterMs: number | undefined
}

/** Works out the figures of one world. */
export function worldSummary(
  result: WorldResult,
  timeline: Timeline,
  { clients, herdAtMs }: Pick<Scenario, 'clients' | 'herdAtMs'>,
): WorldSummary {
  const { world, records, sentAtMs, sockets, serverSamples, fleetSamples } = result
  const { before, during, after, end } = spansOf(timeline)
  const drainedMs = drainedAtMs(serverSamples, after)
  const recoveredMs = recoveredAtMs(records, after)
  return {
    name: world.name,
    title: world.title,
    before: callStats(records, before),
    during: callStats(records, during),
    after: callStats(records, after),
    end: callStats(records, end),
    drained:
      drainedMs === undefined
        ? undefined
        : callStats(records, { startMs: drainedMs, endMs: after.endMs }),
    peakAttemptsPerCall: peakAttemptsPerCall(records, sentAtMs, {
      startMs: 0,
      endMs: after.endMs,
    }),
    wastedDuring: wastedRatio(serverSamples, during),
    wastedAfter: wastedRatio(serverSamples, after),
    tally: fleetSamples.at(-1)?.tally ?? emptyTally(),
    serverRequests: serverSamples.at(-1)?.requests ?? 0,
    drainedAfterMs: drainedMs === undefined ? undefined : drainedMs - after.startMs,
    sockets: socketStats(sockets, clients, herdAtMs, timeline.endMs),
    recoveredAfterMs: recoveredMs === undefined ? undefined : recoveredMs - after.startMs,
  }
}

/** Gives the share of the database's time within a span that was wasted. */
export function wastedRatio(
  samples: readonly ServerSample[],
  { startMs, endMs }: Span,
): number | undefined {
  const first = samples.find(({ atMs }) => atMs >= startMs)
  const last = samples.findLast(({ atMs }) => atMs < endMs)
  if (!first || !last) return undefined
  const wastedMs = last.wastedMs - first.wastedMs
  const totalMs = wastedMs + last.usefulMs - first.usefulMs
  return totalMs > 0 ? wastedMs / totalMs : undefined
}
