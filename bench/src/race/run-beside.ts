import process from 'node:process'
import type { BatchCost } from './racer.ts'

/** Makes so many calls of one contender. */
export type Runner = (count: number) => Promise<void>

/** How many turns each has in a batch, if they have to take turns. */
const mostTurns = 10

async function measure(run: Runner, count: number): Promise<BatchCost> {
  const startMs = performance.now()
  const before = process.cpuUsage()
  await run(count)
  const { user, system } = process.cpuUsage(before)
  return { cpuUs: user + system, wallMs: performance.now() - startMs }
}

/**
 * Makes so many calls of each in one process, in turns, and says what they cost; which begins alternates. A turn has a whole
 * number of times `inFlight` calls, as many as are under way at once. One turn more of each goes before and is not counted: it finds
 * caches cold, and connections closed.
 */
export async function runBeside(
  runners: readonly Runner[],
  counts: readonly number[],
  inFlight = 1,
): Promise<BatchCost[]> {
  const turns = runners.length > 1 ? mostTurns : 1
  const costs = runners.map(() => ({ cpuUs: 0, wallMs: 0 }))
  const rounds = counts.map((count) => count / inFlight)
  if (turns > 1)
    for (const [at, run] of runners.entries())
      await run(inFlight * Math.ceil((rounds[at] as number) / turns))
  for (let turn = 0; turn < turns; turn++) {
    const order = [...runners.keys()]
    for (const at of turn % 2 ? order.reverse() : order) {
      const all = rounds[at] as number
      const share = Math.floor((all * (turn + 1)) / turns) - Math.floor((all * turn) / turns)
      const { cpuUs, wallMs } = await measure(runners[at] as Runner, share * inFlight)
      const cost = costs[at] as { cpuUs: number; wallMs: number }
      cost.cpuUs += cpuUs
      cost.wallMs += wallMs
    }
  }
  return costs
}
