import type { Report } from '../report/report.ts'
import { namedPhases } from '../summary/phases.ts'
import { coloursOf } from './colours.ts'

/** What the page's charts draw; `page/charts.js` reads it. */
export function chartData(report: Report) {
  const { scenario, windowMs, capacity, contenders } = report
  const colours = coloursOf(contenders.map(({ name }) => name))
  return {
    windowMs,
    capacity,
    durationMs: scenario.durationMs,
    trigger: scenario.trigger,
    peak: scenario.peak,
    phases: namedPhases(report),
    events: scenario.events,
    callsPerSecond: contenders[0]?.series.callsPerSecond,
    contenders: contenders.map(({ name, series }, at) => ({
      name,
      colour: colours[at],
      success: series.successRatio,
      attempts: series.attemptsPerSecond,
      served: series.servedPerSecond,
      queued: series.queued,
      wasted: series.wastedRatio,
      p99: series.p99Ms,
      unsent: series.unsentPerSecond,
      dials: series.dialsPerSecond,
      connected: series.connectedRatio,
    })),
  }
}
