import { describe, expect, it } from 'vitest'
import { desiredInstances } from '../../src/backend/desired-instances.ts'
import { seededRandom } from '../../src/backend/seeded-random.ts'
import { VirtualScheduler } from '../../src/backend/virtual-scheduler.ts'
import { VoiceCluster } from '../../src/backend/voice-cluster.ts'
import type { VoiceOptions } from '../../src/backend/voice-options.ts'
import { patientClient } from './clients.ts'

const options: VoiceOptions = {
  share: 1,
  instances: 2,
  slotsPerInstance: 10,
  joinMs: 1_000,
  queueDepth: 1_000,
  autoscale: true,
  targetCpuRatio: 0.7,
  queueThreshold: 100,
  minInstances: 2,
  maxInstances: 8,
  startUpMs: 5_000,
  evaluateMs: 1_000,
  scaleDownAfterMs: 10_000,
}

function world(changes: Partial<VoiceOptions> = {}) {
  const scheduler = new VirtualScheduler()
  const cluster = new VoiceCluster(scheduler, seededRandom(1), { ...options, ...changes })
  const outcomes: string[] = []
  const join = (times: number) => {
    for (let index = 0; index < times; index++) {
      cluster.submit({
        priority: 'critical',
        cost: 1,
        client: patientClient,
        settle: (outcome) => outcomes.push(outcome),
      })
    }
  }
  return { scheduler, cluster, outcomes, join }
}

describe('desiredInstances', () => {
  it.each([
    { instances: 10, cpuRatio: 0.95, queued: 0, expected: 14 },
    { instances: 10, cpuRatio: 0.7, queued: 0, expected: 10 },
    { instances: 3, cpuRatio: 0.7, queued: 0, expected: 3 },
    { instances: 10, cpuRatio: 0.35, queued: 100, expected: 5 },
    { instances: 10, cpuRatio: 0.35, queued: 101, expected: 11 },
    { instances: 10, cpuRatio: 1, queued: 1_000, expected: 20 },
    { instances: 10, cpuRatio: 1, queued: 1_000_000, expected: 1_000 },
    { instances: 10, cpuRatio: 0, queued: 0, expected: 2 },
  ])('wants $expected of $instances at $cpuRatio busy with $queued waiting', (row) => {
    expect(desiredInstances({ ...options, maxInstances: 1_000 }, row)).toBe(row.expected)
  })
})

describe('a voice cluster', () => {
  it('starts instances when the queue of joins passes the threshold, after their start-up time', () => {
    const { scheduler, cluster, join } = world()
    join(400)
    scheduler.advance(1_000)
    expect(cluster.status).toMatchObject({ instances: 2, starting: 3, cpuRatio: 1 })
    scheduler.advance(5_000)
    expect(cluster.status.instances).toBe(5)
    expect(cluster.status.joins.poolSize).toBe(50)
  })

  it('never has more than maxInstances', () => {
    const { scheduler, cluster, join } = world({ maxInstances: 4 })
    join(1_000)
    scheduler.advance(20_000)
    expect(cluster.status.instances).toBe(4)
  })

  it('gives instances back only after a long quiet time', () => {
    const { scheduler, cluster, join } = world()
    join(400)
    scheduler.advance(9_000)
    const most = cluster.status.instances
    expect(most).toBeGreaterThan(2)
    scheduler.advance(8_000)
    expect(cluster.status.instances).toBeGreaterThanOrEqual(most)
    scheduler.advance(30_000)
    expect(cluster.status.instances).toBe(2)
  })

  it('stays as it is without autoscaling, but still measures', () => {
    const { scheduler, cluster, join, outcomes } = world({ autoscale: false, queueDepth: 20 })
    join(100)
    expect(outcomes.filter((outcome) => outcome === 'refused')).toHaveLength(60)
    scheduler.advance(1_000)
    expect(cluster.status).toMatchObject({ instances: 2, starting: 0, cpuRatio: 1 })
  })

  it('takes a number of instances by hand, and forgets those that were starting', () => {
    const { scheduler, cluster, join } = world()
    join(400)
    scheduler.advance(1_000)
    cluster.configure({ instances: 6, autoscale: false })
    expect(cluster.status).toMatchObject({ instances: 6, starting: 0 })
    scheduler.advance(10_000)
    expect(cluster.status.instances).toBe(6)
  })

  it('has no event left after close', () => {
    const { scheduler, cluster, join } = world()
    join(400)
    scheduler.advance(1_000)
    cluster.close()
    scheduler.advance(60_000)
    expect(scheduler.pending).toBe(0)
  })
})
