import process from 'node:process'
import { type ContenderName, contenders, runStorm, type Scenario, scenarios } from '../src/index.ts'
import { printTable } from './table.ts'

/** How fast the simulator is, and how much memory it takes; `only` in one scenario. */
export async function speed(_scale: number, only?: string): Promise<void> {
  const { cascade, 'incident-2022': incident } = scenarios
  const runs: readonly [Scenario, number, ContenderName][] = [
    [cascade, 21_400, 'no-retries'],
    [cascade, 21_400, 'prescription'],
    [cascade, 21_400, 'evenkeel'],
    [cascade, 10_000, 'evenkeel-shell'],
    [incident, 100_000, 'prescription'],
    [incident, 100_000, 'evenkeel'],
    [scenarios['outage-60s'], 1_000_000, 'evenkeel'],
  ]
  const rows: string[][] = []
  for (const [scenario, clients, name] of runs) {
    if (only !== undefined && scenario.name !== only) continue
    const before = process.cpuUsage()
    const { contenders: reports } = await runStorm(scenario, {
      clients,
      contenders: [contenders[name]],
    })
    const { user, system } = process.cpuUsage(before)
    const cpuMs = (user + system) / 1000
    const events = reports[0]?.events ?? 0
    const { rss } = process.memoryUsage()
    rows.push([
      scenario.name,
      String(clients),
      name,
      `${(events / 1e6).toFixed(1)} M`,
      `${(cpuMs / 1000).toFixed(1)} s`,
      `${(events / cpuMs / 1000).toFixed(2)} M/s`,
      `${(rss / 2 ** 20).toFixed(0)} MB`,
    ])
  }
  printTable(['scenario', 'clients', 'contender', 'events', 'CPU', 'events/s', 'RSS then'], rows)
}
