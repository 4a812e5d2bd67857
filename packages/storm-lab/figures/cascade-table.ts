import { contenders, runStorm, scenarios } from '../src/index.ts'
import { inSeconds, number, percent, printTable, recovery } from './table.ts'

/** Calls a second of the incident's backend in its spike. */
export const peakCallsPerSecond = 4280

/** Every contender in the cascade. */
export async function cascadeTable(scale: number): Promise<void> {
  const { contenders: reports } = await runStorm(scenarios.cascade, {
    clients: Math.round((peakCallsPerSecond * scale) / 0.02),
    contenders: Object.values(contenders).filter(
      ({ name, runs }) => runs !== 'shells' && name !== 'endless-loop',
    ),
  })
  printTable(
    [
      'contender',
      'attempts/call: spike',
      'peak minute',
      'after',
      'success: spike',
      'after',
      'recovery',
      'goodput',
      'waste',
      'p99 spike',
      'critical',
      'Jain',
    ],
    reports.map(({ name, metrics }) => [
      name,
      number(metrics.attemptsPerCall.spike),
      number(metrics.attemptsPerCall.peakMinute),
      number(metrics.attemptsPerCall.after),
      percent(metrics.successRatio.spike),
      percent(metrics.successRatio.after),
      recovery(metrics),
      number(metrics.goodputRatio),
      percent(metrics.wastedRatio),
      inSeconds(metrics.latencyMs.spike.p99),
      percent(metrics.successByPriority.critical),
      number(metrics.fairness),
    ]),
  )
}
