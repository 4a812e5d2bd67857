import { describe, expect, it } from 'vitest'
import {
  type BackendOptions,
  type ClientRules,
  type ContenderReport,
  contender,
  minutes,
  runStorm,
  type Scenario,
} from '../src/index.ts'

const patient: ClientRules = { retry: false, cooldown: false, circuitBreaker: false }

/** Ten minutes of fifty calls a second. */
async function run(
  backend: BackendOptions,
  rules: ClientRules = patient,
  changes: Partial<Scenario> = {},
): Promise<{ report: ContenderReport; capacity: number }> {
  const scenario: Scenario = {
    name: 'backends',
    about: 'A backend by itself.',
    durationMs: minutes(10),
    trigger: [minutes(2), minutes(4)],
    load: { callsPerSecond: 50, callsPerClient: 0.1 },
    backend,
    ...changes,
  }
  const { contenders, capacity } = await runStorm(scenario, {
    clients: 500,
    contenders: [contender('only', 'Only this.', rules)],
  })
  return { report: contenders[0] as ContenderReport, capacity }
}

const service = { workers: 100, serviceMs: 20 }
const database = { workers: 4, serviceMs: 100 }

describe('a backend', () => {
  it('can do what the weakest of its parts can', async () => {
    expect((await run({ service })).capacity).toBe(5000)
    expect((await run({ service, dependency: database })).capacity).toBe(40)
  })

  it('is held up by a slow dependency, workers and all', async () => {
    const { report } = await run({ service: { ...service, queue: 300 }, dependency: database })
    // Forty a second can be served where fifty come, and a hundred workers wait for four.
    expect(report.series.busy.at(-1)).toBe(100)
    expect(Math.max(...report.series.queued)).toBe(396)
    expect(report.metrics.latencyMs.after.p50).toBeGreaterThan(9000)
    expect(Math.abs((report.metrics.successRatio.after ?? 0) - 0.8)).toBeLessThan(0.03)
  })

  it('serves reads from replicas', async () => {
    const { report } = await run({ service, dependency: database, replicas: 2 })
    expect(report.metrics.successRatio.after).toBe(1)
    expect(report.metrics.latencyMs.after.p50).toBeLessThan(300)
  })

  it('drops queued work of those who have gone, if it is told to', async () => {
    const wasted = async (dropsAbandoned: boolean): Promise<number> => {
      const slow = { workers: 4, serviceMs: 100, queue: 1000, dropsAbandoned }
      const { report } = await run({ service: slow }, { ...patient, attemptTimeoutMs: 2000 })
      return report.metrics.wastedRatio ?? 0
    }
    // Not of those who go while they are served: at a limit of 2 s they are many.
    expect(await wasted(false)).toBeGreaterThan(0.95)
    expect(await wasted(true)).toBeLessThan(0.8)
  })

  it('grows with its load, late', async () => {
    const small = { workers: 4, serviceMs: 100, queue: 100_000 }
    const { report } = await run({ service: small, autoscaler: { startUpMs: minutes(3) } })
    expect(report.series.queued[15]).toBeGreaterThan(1000)
    expect(report.series.queued.at(-1)).toBeLessThan(50)
  })

  it('keeps its queue short with an adaptive limiter', async () => {
    const small = { workers: 4, serviceMs: 100, queue: 100_000 }
    const { report } = await run({
      service: small,
      gateway: { limiter: { kind: 'adaptive', perSecond: 60, targetQueueMs: 500 } },
    })
    expect(report.metrics.latencyMs.after.p99).toBeLessThan(5000)
    expect(report.metrics.goodputRatio).toBeGreaterThan(0.85)
  })

  it('publishes a level that keeps it at what it can do', async () => {
    const small = { workers: 4, serviceMs: 100, queue: 100 }
    const { report } = await run({ service: small, hint: {} }, { ...patient, fleetHint: true })
    expect(report.metrics.goodputRatio).toBeGreaterThan(0.85)
    expect(report.series.level.at(-1)).toBeLessThan(2.9)
    expect(report.metrics.successByPriority.critical).toBe(1)
    expect(report.metrics.successByPriority.deferred).toBeLessThan(0.3)
    const { unsentPerSecond } = report.series
    expect(unsentPerSecond.at(-1)).toBeGreaterThan(5)
  })

  it('changes while it runs', async () => {
    const { report } = await run(
      { service, dependency: { workers: 40, serviceMs: 100 } },
      patient,
      {
        changes: [
          { atMs: minutes(2), dependency: { serviceMs: 30_000 }, label: 'The database slows down' },
          { atMs: minutes(4), dependency: { serviceMs: 100 }, dependencySize: 10 },
          { atMs: minutes(4), serviceSize: 10 },
        ],
      },
    )
    expect(report.metrics.successRatio.spike).toBeLessThan(0.6)
    expect(report.metrics.successRatio.end).toBeGreaterThan(0.5)
    expect(report.metrics.recoveryMs).toBeLessThan(minutes(3))
  })
})

describe('a fixed limit that resets for all at once', () => {
  const limited: BackendOptions = {
    service,
    gateway: { limiter: { kind: 'fixed-window', perSecond: 40 } },
  }
  const clients: ClientRules = { retry: { budget: false, maxRetries: 5 }, circuitBreaker: false }

  it('brings clients back as one that obey it to the millisecond, and spread those of evenkeel', async () => {
    const peak = async (rules: ClientRules): Promise<number> =>
      (await run(limited, rules)).report.metrics.peakAttemptsPerSecond
    const ignoring = await peak({
      ...clients,
      cooldown: false,
      retry: { budget: false, obeysRetryAfter: false },
    })
    expect(await peak(clients)).toBeLessThan(1.5 * ignoring)
  })
})
