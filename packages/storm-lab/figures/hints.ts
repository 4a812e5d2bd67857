import { contenders, type HintOptions, runStorm, type Scenario, scenarios } from '../src/index.ts'
import { peakCallsPerSecond } from './cascade-table.ts'
import { inSeconds, number, percent, printTable, recovery } from './table.ts'

const variants: Readonly<Record<string, HintOptions>> = {
  'as it is': {},
  'every 10 s': { everyMs: 10_000 },
  '10 s stale, and told so': { staleMs: 10_000, lagMs: 10_000 },
  '30 s stale, and told so': { staleMs: 30_000, lagMs: 30_000 },
  '30 s stale': { staleMs: 30_000 },
  '30 % too high': { errorFactor: 1.3 },
  '30 % too low': { errorFactor: 0.7 },
  'lost in the spike': { lostFromMs: 15 * 60_000 },
}

/** A server that says how much it can take, well and badly. */
export async function hints(scale: number): Promise<void> {
  const { cascade } = scenarios
  const rows: string[][] = []
  for (const [name, hint] of Object.entries(variants)) {
    const scenario: Scenario = { ...cascade, backend: { ...cascade.backend, hint } }
    const report = await runStorm(scenario, {
      clients: Math.round((peakCallsPerSecond * scale) / 0.02),
      contenders: [contenders['evenkeel-hint']],
    })
    for (const { metrics } of report.contenders)
      rows.push([
        name,
        number(metrics.goodputRatio),
        percent(metrics.successByPriority.critical),
        percent(metrics.wastedRatio),
        recovery(metrics),
        inSeconds(metrics.latencyMs.spike.p99),
        number(metrics.attemptsPerCall.spike),
      ])
  }
  printTable(['hint', 'goodput', 'critical', 'waste', 'recovery', 'p99', 'attempts/call'], rows)
}
