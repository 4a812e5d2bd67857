import type { JobClient, JobOutcome, Priority } from '../../src/backend/job.ts'
import { Pool } from '../../src/backend/pool.ts'
import type { PoolOptions } from '../../src/backend/pool-options.ts'
import type { PoolObserver } from '../../src/backend/pool-status.ts'
import { seededRandom } from '../../src/backend/seeded-random.ts'
import { VirtualScheduler } from '../../src/backend/virtual-scheduler.ts'

import { patientClient } from './clients.ts'

/** Makes a pool of two places that take 100 ms each, on virtual time, and notes what becomes of its jobs. */
export function poolWorld(options: Partial<PoolOptions> = {}, observer?: PoolObserver) {
  const scheduler = new VirtualScheduler()
  const pool = new Pool(
    scheduler,
    seededRandom(1),
    {
      poolSize: 2,
      queueDepth: 10,
      serviceMs: 100,
      sigma: 0,
      kappa: 0,
      distribution: 'fixed',
      order: 'fifo',
      dropAbandoned: false,
      timeoutMs: Number.POSITIVE_INFINITY,
      ...options,
    },
    observer,
  )
  const log: string[] = []
  const submit = (
    name: string,
    {
      priority = 'important',
      client = patientClient,
    }: { priority?: Priority; client?: JobClient } = {},
  ) =>
    pool.submit({
      priority,
      cost: 1,
      client,
      settle: (outcome: JobOutcome) => log.push(`${scheduler.now()} ${name} ${outcome}`),
    })
  return { scheduler, pool, log, submit }
}
