import { describe, expect, it } from 'vitest'
import type { PoolOptions } from '../../src/backend/pool-options.ts'
import type { ReplicaOptions } from '../../src/backend/replica-options.ts'
import { Replicas } from '../../src/backend/replicas.ts'
import { seededRandom } from '../../src/backend/seeded-random.ts'
import { VirtualScheduler } from '../../src/backend/virtual-scheduler.ts'
import { patientClient } from './clients.ts'

const pool: PoolOptions = {
  poolSize: 1,
  queueDepth: 10,
  serviceMs: 100,
  sigma: 0,
  kappa: 0,
  distribution: 'fixed',
  order: 'fifo',
  dropAbandoned: false,
  timeoutMs: Number.POSITIVE_INFINITY,
}

function world(options: Partial<ReplicaOptions> = {}) {
  const scheduler = new VirtualScheduler()
  const replicas = new Replicas(
    scheduler,
    seededRandom(1),
    { count: 2, lagMs: 50, replayPerSecond: 100, maxLagMs: 1_000, ...options },
    pool,
  )
  const read = (client: string) => {
    const chosen = replicas.route(client)
    chosen?.submit({ priority: 'important', cost: 1, client: patientClient, settle: () => {} })
    return chosen
  }
  return { scheduler, replicas, read }
}

describe('replicas', () => {
  it('leave every read to the primary when there are none', () => {
    const { replicas, read } = world({ count: 0 })
    replicas.wrote('a')
    expect(read('a')).toBeUndefined()
    expect(replicas.status.sentToPrimary).toBe(0)
  })

  it('share reads by who is least busy', () => {
    const { replicas, read } = world()
    for (let index = 0; index < 4; index++) read('reader')
    expect(replicas.status.pools.map(({ inUse, queued }) => inUse + queued)).toEqual([2, 2])
  })

  it('send a client that has just written to the primary, others not', () => {
    const { scheduler, replicas, read } = world()
    replicas.wrote('writer')
    expect(read('writer')).toBeUndefined()
    expect(read('reader')).toBeDefined()
    scheduler.advance(51)
    expect(read('writer')).toBeDefined()
    expect(replicas.status.sentToPrimary).toBe(1)
  })

  it('fall behind when writes come faster than they replay, and catch up after', () => {
    const { scheduler, replicas, read } = world()
    for (let index = 0; index < 200; index++) replicas.wrote(`writer-${index}`)
    expect(replicas.lagMs).toBe(2_050)
    expect(replicas.status.inService).toBe(false)
    expect(read('reader')).toBeUndefined()
    scheduler.advance(1_050)
    expect(replicas.lagMs).toBe(1_000)
    expect(read('reader')).toBeDefined()
    scheduler.advance(10_000)
    expect(replicas.lagMs).toBe(50)
  })

  it('come and go at run time; one taken out finishes its reads', () => {
    const { scheduler, replicas, read } = world({ count: 1 })
    const only = read('reader')
    replicas.configure({ count: 3 }, { poolSize: 4 })
    expect(replicas.status.pools.map(({ poolSize }) => poolSize)).toEqual([4, 4, 4])
    replicas.configure({ count: 0 }, {})
    expect(read('reader')).toBeUndefined()
    scheduler.advance(100)
    expect(only?.status.done).toBe(1)
  })
})
