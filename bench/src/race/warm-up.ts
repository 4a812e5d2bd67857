import type { BatchCost } from './racer.ts'

interface Batches {
  run(calls: number): Promise<BatchCost>
}

/** Until then the last tier of the compiler has had its turn: what comes before costs up to three times as much. */
const warmUpCpuUs = 1_500_000

/**
 * Lets a racer run until its code is compiled, and finds how many calls take about `batchMs`.
 * Time decides here only how long a batch is: each call costs what it costs.
 */
export async function warmUp(racer: Batches, batchMs: number, inFlight: number): Promise<number> {
  let calls = 8 * inFlight
  for (let spentUs = 0; ; calls = Math.max(calls, inFlight)) {
    const { cpuUs } = await racer.run(calls)
    spentUs += cpuUs
    const fitting = Math.ceil((batchMs * 1000 * calls) / Math.max(cpuUs, 1))
    calls = Math.min(calls * 4, fitting)
    if (spentUs >= warmUpCpuUs) return Math.max(calls, inFlight)
  }
}
