import type { Outcome } from '../live/recording.ts'
import type { WorldSummary } from '../statistics/world-summary.ts'
import { duration, percent, times } from './format.ts'

/** What became of a world, in a sentence or two, from its figures alone. */
export function outcome(
  { name, recoveredAfterMs, end, after, sockets }: WorldSummary,
  watchedMs: number,
): Outcome {
  const isWell = recoveredAfterMs !== undefined
  const calls = isWell
    ? `Well again ${duration(recoveredAfterMs)} after the spike, at ${times(after.attemptsPerCall)} attempts per call.`
    : `Still down ${duration(watchedMs)} after the spike: ${percent(end.successRatio)} of the calls succeed, at ${times(after.attemptsPerCall)} attempts each.`
  const back =
    sockets.backAfterMs === undefined
      ? `${percent(sockets.connectedRatio)} of the sockets came back`
      : `The sockets were back after ${duration(sockets.backAfterMs)}`
  return {
    name,
    isWell,
    text: `${calls} ${back}, at ${times(sockets.dialsPerUser)} dials per user.`,
  }
}
