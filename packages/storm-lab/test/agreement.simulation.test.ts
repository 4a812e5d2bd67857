import { createFetch } from '@evenkeel/fetch'
import { fullJitter } from '@evenkeel/retry'
import { describe, expect, it } from 'vitest'
import {
  type Contender,
  type ContenderReport,
  contender,
  contenders,
  minutes,
  runStorm,
  type Scenario,
  seconds,
  shell,
} from '../src/index.ts'

/** All that a client can meet, within ten minutes. */
const rough: Scenario = {
  name: 'rough',
  about: 'Limits that say when to come back, faults, silence, an outage, a queue that is full.',
  durationMs: minutes(10),
  trigger: [minutes(1), minutes(7)],
  load: { callsPerSecond: 60, callsPerClient: 0.1, readRatio: 0.7, idempotentRatio: 0.5 },
  network: { roundTripMs: 30, lossRatio: 0.01 },
  offline: [{ ratio: 0.2, fromMs: minutes(6), toMs: minutes(7) }],
  backend: { service: { workers: 10, serviceMs: 100, queue: 50 } },
  changes: [
    {
      atMs: minutes(1),
      gateway: { limiter: { kind: 'fixed-window', perSecond: 30, windowMs: 15_000 } },
    },
    { atMs: minutes(2), gateway: { limiter: undefined, faults: { ratio: 0.4, status: 502 } } },
    {
      atMs: minutes(3),
      gateway: { faults: undefined, hasRetryAfter: true },
      service: { serviceMs: 300 },
    },
    { atMs: minutes(4), gateway: { state: 'refusing' } },
    { atMs: minutes(5), gateway: { state: 'silent' } },
    { atMs: minutes(5) + seconds(20), gateway: { state: 'up' }, service: { serviceMs: 100 } },
  ],
}

async function through(fleet: Contender, seed: number): Promise<ContenderReport> {
  const { contenders: reports } = await runStorm(rough, { clients: 60, seed, contenders: [fleet] })
  return reports[0] as ContenderReport
}

/** What became of a fleet, its name and the number of the simulator's events apart. */
async function fate(fleet: Contender, seed: number) {
  const { metrics, series, phases } = await through(fleet, seed)
  return { metrics, series, phases: phases.map(({ cohorts: _, ...phase }) => phase) }
}

describe.each([1, 2])('in a rough hour (seed %i)', (seed) => {
  it('the cores of evenkeel and createFetch come to the same, to the last digit', async () => {
    const cores = await fate(contenders.evenkeel, seed)
    expect(await fate(contenders['evenkeel-shell'], seed)).toEqual(cores)
    expect(cores.metrics.successRatio.spike).toBeLessThan(0.9)
  })

  it('so do p-retry’s formula and p-retry', async () => {
    expect(await fate(contenders['p-retry-shell'], seed)).toEqual(
      await fate(contenders['p-retry'], seed),
    )
  })

  it('so do clients that are set up otherwise', async () => {
    const retry = { maxRetries: 5, backoff: fullJitter({ baseDelayMs: 200 }) }
    const cores = contender('cores', 'Otherwise.', {
      retry: { ...retry, budget: false },
      circuitBreaker: { openMs: 1000, maxOpenMs: 9000 },
      cooldown: { maxQueued: 1, rampMs: 0 },
      attemptTimeoutMs: 5000,
      totalTimeoutMs: 40_000,
    })
    const whole = shell('whole', 'Otherwise.', (platform) => {
      const fetch = createFetch({
        ...platform,
        retry: { ...retry, budget: false },
        circuitBreaker: { openMs: 1000, maxOpenMs: 9000 },
        rateLimit: { maxQueued: 1, rampMs: 0 },
        attemptTimeoutMs: 5000,
        totalTimeoutMs: 40_000,
      })
      return ({ url, method, priority, idempotent }) =>
        fetch(url, { method, evenkeel: { priority, idempotent } })
    })
    expect(await fate(whole, seed)).toEqual(await fate(cores, seed))
  })
})
