import type { Report } from '../report/report.ts'
import { type Fleet, fleetsOf, median } from './fleets.ts'
import { duration, listed, percent, times } from './format.ts'

const recoveries = ({ runs }: Fleet): number[] =>
  runs.flatMap(({ contender: { metrics } }) => metrics.recoveryMs ?? [])
const isBack = (fleet: Fleet): boolean => recoveries(fleet).length === fleet.runs.length
const middle = (fleet: Fleet, value: (run: Fleet['runs'][number]) => number | null) =>
  median(fleet.runs.flatMap((run) => value(run) ?? []))
const attempts = (fleet: Fleet) => middle(fleet, ({ trouble }) => trouble.attemptsPerCall)
const success = (fleet: Fleet) => middle(fleet, ({ trouble }) => trouble.successRatio)
const successAfter = (fleet: Fleet) =>
  middle(fleet, ({ contender }) => contender.metrics.successRatio.after)
const areOrIs = (fleets: readonly Fleet[]): string =>
  `${listed(fleets.map(({ name }) => name))} ${fleets.length > 1 ? 'are' : 'is'}`

/** From the least to the most, or one if they are shown the same. */
function span(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null)
  if (known.length === 0) return percent(null)
  const [low, high] = [percent(Math.min(...known)), percent(Math.max(...known))]
  return low === high ? low : `${low.replace(/ %$/, '')} to ${high}`
}

/** Those that did not come back. */
function down(fleets: readonly Fleet[], watchedMs: number): string {
  const seeds = (fleets[0] as Fleet).runs.length
  const most = Math.max(...fleets.map((fleet) => seeds - recoveries(fleet).length))
  const part =
    seeds > 1 ? ` with ${fleets.length > 1 ? 'up to ' : ''}${most} of ${seeds} seeds` : ''
  const ratio = span(fleets.map(successAfter))
  return `${areOrIs(fleets)} still down ${duration(watchedMs)} after it ended${part}: ${ratio} of the calls succeed`
}

/** Those that did, the soonest first. */
function back(fleets: readonly Fleet[]): string {
  const byTime = new Map<string, Fleet[]>()
  const longest = (fleet: Fleet) => Math.max(...recoveries(fleet))
  for (const fleet of [...fleets].sort((a, b) => longest(a) - longest(b))) {
    const ms = longest(fleet)
    const when = ms === 0 ? 'at once' : `after ${duration(ms)}`
    byTime.set(when, [...(byTime.get(when) ?? []), fleet])
  }
  return listed(
    [...byTime].map(([when, each], at) =>
      at === 0
        ? `${areOrIs(each)} above 99 % again ${when}`
        : `${listed(each.map(({ name }) => name))} ${when}`,
    ),
  )
}

/** What it cost while it lasted: the fleet that sent the most for a call, and the one that sent the least. */
function cost(fleets: readonly Fleet[]): string {
  const sorted = [...fleets].sort((a, b) => (attempts(b) ?? 0) - (attempts(a) ?? 0))
  const [most, least] = [sorted[0], sorted.at(-1)] as [Fleet, Fleet]
  const first = `while it lasted, ${most.name} sent ${times(attempts(most))} requests for each call and ${percent(success(most))} of its calls succeeded`
  if (most === least) return first
  return `${first}, ${least.name} ${times(attempts(least))} and ${percent(success(least))}`
}

/** What became of the sockets, where a scenario has any. */
function connections(fleets: readonly Fleet[]): string[] {
  const each = fleets.map((fleet) => ({
    fleet,
    sockets: fleet.runs.flatMap(({ contender }) => contender.metrics.sockets ?? []),
  }))
  if (each.every(({ sockets }) => sockets.length === 0)) return []
  const isLost = ({ sockets }: (typeof each)[number]): boolean =>
    sockets.some(({ backMs }) => backMs === null)
  const lost = each.filter(isLost).map(({ fleet }) => fleet.name)
  const back = each
    .filter((one) => !isLost(one))
    .map(({ fleet, sockets }, at) => {
      const longest = Math.max(...sockets.map(({ backMs }) => backMs ?? 0))
      const dials = median(sockets.flatMap(({ dialsPerDrop }) => dialsPerDrop ?? []))
      const verb = at === 0 ? ' are back' : ''
      return `of ${fleet.name}${verb} after ${duration(longest)}, with ${times(dials)} dials each`
    })
  return [
    ...(lost.length > 0 ? [`the sockets of ${listed(lost)} do not all come back`] : []),
    ...(back.length > 0
      ? [`${lost.length > 0 ? 'those' : 'the sockets'} ${back.join('; those ')}`]
      : []),
  ]
}

/** A run in a sentence, from its figures alone. */
export function takeHome(reports: readonly Report[]): string {
  const fleets = fleetsOf(reports)
  const { durationMs, trigger } = (reports[0] as Report).scenario
  const [up, lost] = [fleets.filter(isBack), fleets.filter((fleet) => !isBack(fleet))]
  const sockets = connections(fleets)
  const isCalm = fleets.every(({ runs }) => runs.every(({ trouble }) => trouble.belowMs === 0))
  // Where no call failed, there is nothing to say of calls.
  if (isCalm && sockets.length > 0) return `${sockets.join('; ')}.`
  const parts = [
    ...(lost.length ? [down(lost, durationMs - trigger[1])] : []),
    ...(up.length ? [back(up)] : []),
    ...((up.length && lost.length) || sockets.length ? [] : [cost(fleets)]),
    ...sockets,
  ]
  return `${parts.join('; ')}.`
}
