import process from 'node:process'
import type { Call } from './contender.ts'
import type { BatchCost } from './racer.ts'
import { runCalls } from './run-calls.ts'

/** How many turns each call has in a batch, if it has to take turns. */
const mostTurns = 10

async function run(call: Call, count: number, inFlight: number): Promise<BatchCost> {
  const startMs = performance.now()
  const before = process.cpuUsage()
  await runCalls(call, count, inFlight)
  const { user, system } = process.cpuUsage(before)
  return { cpuUs: user + system, wallMs: performance.now() - startMs }
}

/** Makes `count` calls of each in one process, in turns, and says what they cost; which begins alternates. */
export async function runBeside(
  calls: readonly Call[],
  count: number,
  inFlight: number,
): Promise<BatchCost[]> {
  const turns = calls.length > 1 ? mostTurns : 1
  const costs = calls.map(() => ({ cpuUs: 0, wallMs: 0 }))
  for (let turn = 0; turn < turns; turn++) {
    const order = [...calls.keys()]
    const share = Math.floor((count * (turn + 1)) / turns) - Math.floor((count * turn) / turns)
    for (const at of turn % 2 ? order.reverse() : order) {
      const { cpuUs, wallMs } = await run(calls[at] as Call, share, inFlight)
      const cost = costs[at] as { cpuUs: number; wallMs: number }
      cost.cpuUs += cpuUs
      cost.wallMs += wallMs
    }
  }
  return costs
}
