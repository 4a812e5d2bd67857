import { Pool } from './pool.ts'
import type { PoolOptions } from './pool-options.ts'
import { seededRandom } from './seeded-random.ts'
import { VirtualScheduler } from './virtual-scheduler.ts'

/**
 * Runs a pool on virtual time with `concurrency` jobs always in service and gives the jobs a second it completes,
 * over some `jobs` of them after as many again to warm up.
 */
export function measureThroughput(
  options: PoolOptions,
  concurrency: number,
  { jobs = 20_000, seed = 1 }: { readonly jobs?: number; readonly seed?: number } = {},
): number {
  const scheduler = new VirtualScheduler()
  const pool = new Pool(scheduler, seededRandom(seed), {
    ...options,
    poolSize: concurrency,
    queueDepth: concurrency,
    timeoutMs: Number.POSITIVE_INFINITY,
  })
  const client = { gone: new AbortController().signal, isGone: false }
  let done = 0
  const submit = () => {
    pool.submit({
      priority: 'important',
      cost: 1,
      client,
      settle: () => {
        done++
        submit()
      },
    })
  }
  for (let index = 0; index < concurrency * 2; index++) submit()
  const until = (target: number) => {
    while (done < target) scheduler.advance(options.serviceMs)
    return { done, atMs: scheduler.now() }
  }
  const start = until(jobs)
  const end = until(2 * jobs)
  return (1000 * (end.done - start.done)) / (end.atMs - start.atMs)
}
