import { describe, expect, it } from 'vitest'
import {
  contender,
  contenders,
  defineScenario,
  type GatewayOptions,
  minutes,
  mixed,
  rolledOut,
  runStorm,
  type Scenario,
  type StationOptions,
  scenarios,
  seconds,
} from '../src/index.ts'
import { calm, patient, phaseOf, run } from './calm-storm.ts'

const { evenkeel, prescription } = contenders

const service = (changed: Partial<StationOptions>): Partial<Scenario> => ({
  backend: { service: { ...calm.backend.service, ...changed } },
})
const gateway = (changed: GatewayOptions): Partial<Scenario> => ({
  backend: { ...calm.backend, gateway: changed },
})

describe('runStorm', () => {
  it('makes a report that JSON keeps as it is', async () => {
    const report = await runStorm(scenarios['outage-60s'], { clients: 100 })
    expect(JSON.parse(JSON.stringify(report))).toEqual(report)
    expect(report.contenders.map(({ name }) => name)).toEqual([
      'no-retries',
      'prescription',
      'evenkeel',
    ])
    expect(report.scenario.events.map(({ label }) => label)).toEqual([
      'The gateway goes down',
      'The gateway is up again',
    ])
  })

  it('counts nothing of the trigger for the last ten minutes', async () => {
    const { contenders: each } = await run({
      durationMs: minutes(8),
      trigger: [minutes(2), minutes(4)],
      changes: [
        { atMs: minutes(2), gateway: { state: 'refusing' } },
        { atMs: minutes(4), gateway: { state: 'up' } },
      ],
    })
    expect(each[0]?.metrics.successRatio).toMatchObject({ spike: 0, after: 1, end: 1 })
  })

  it('gives every contender the same users', async () => {
    const { contenders: each } = await runStorm(calm, {
      clients: 200,
      contenders: [patient(), prescription],
    })
    expect(each[0]?.series.callsPerSecond).toEqual(each[1]?.series.callsPerSecond)
  })

  it('serves all while nothing happens', async () => {
    const report = await run({})
    const after = phaseOf(report, 'after')
    expect(after.successRatio).toBe(1)
    expect(after.attemptsPerCall).toBe(1)
    expect(after.wastedRatio).toBe(0)
    expect(Math.abs(after.goodputRatio - 0.1)).toBeLessThan(0.01)
    expect(after.latencyMs.p50).toBeLessThan(100)
    expect(report.contenders[0]?.metrics.recoveryMs).toBe(0)
    expect(report.contenders[0]?.metrics.fairness).toBe(1)
  })

  it('tells how far it is, waits for who is told, and stops when it is asked to', async () => {
    const told: number[] = []
    const controller = new AbortController()
    const reason = new Error('enough')
    await expect(
      runStorm(calm, {
        clients: 10,
        signal: controller.signal,
        async onProgress({ ratio, contender: name }) {
          await Promise.resolve()
          told.push(ratio)
          if (told.length === 5) expect(name).toBe('no-retries')
          if (told.length === 20) controller.abort(reason)
        },
      }),
    ).rejects.toBe(reason)
    expect(told).toHaveLength(20)
    expect(told).toEqual([...told].sort((a, b) => a - b))
  })

  it.each<[Record<string, unknown>, string]>([
    [{ clients: 1.5 }, 'storm: clients must be a whole number'],
    [{ seed: -1 }, 'storm: seed must be a whole number'],
    [{ callsPerClient: 0 }, 'storm: callsPerClient must be'],
    [{ contenders: [] }, 'storm: contenders.length must be a number ≥ 1, got 0'],
  ])('refuses %j', async (options, message) => {
    await expect(runStorm(calm, options)).rejects.toThrow(message)
  })

  it.each<[Partial<Scenario>, string]>([
    [{ durationMs: 5 }, 'storm: durationMs must be'],
    [{ trigger: [minutes(4), minutes(2)] }, 'storm: trigger[1] must be from trigger[0]'],
    [{ peak: [minutes(4), minutes(20)] }, 'storm: peak[1] must be'],
    [{ load: { callsPerSecond: 0 } }, 'storm: load.callsPerSecond must be > 0, got 0'],
    [
      {
        load: {
          callsPerSecond: 1,
          shape: [
            [5, 1],
            [2, 1],
          ],
        },
      },
      'storm: load.shape must be in order (after 5), got 2',
    ],
    [
      { load: { callsPerSecond: 1, priorities: { critical: 0.5, important: 0.2, deferred: 0.2 } } },
      'storm: the ratios of load.priorities must add up to 1, got 0.8999999999999999',
    ],
    [{ load: { callsPerSecond: 1, classes: [] } }, 'storm: the ratios of load.classes'],
    [{ reloads: { ratio: 2 } }, 'storm: reloads.ratio must be a number from 0 to 1, got 2'],
    [{ pulses: [{ atMs: 0, overMs: 1, ratio: 3 }] }, 'storm: pulses[0].ratio must be'],
    [{ offline: [{ fromMs: 0, toMs: 1, ratio: -1 }] }, 'storm: offline[0].ratio must be'],
    [{ regions: [{ name: 'west', ratio: 0.5 }] }, 'storm: the ratios of regions'],
    [
      { changes: [{ atMs: 0, region: 'west' }] },
      "storm: changes name the region 'west', which there is not",
    ],
    [
      { changes: [{ atMs: minutes(11) }] },
      'storm: changes[0].atMs must be a number from 0 to 600000',
    ],
    [{ pulses: [{ atMs: -1, overMs: 1, ratio: 1 }] }, 'storm: pulses[0].atMs must be'],
    [service({ workers: 0 }), 'storm: backend.service.workers must be a number ≥ 1, got 0'],
    [service({ serviceMs: undefined as never }), 'storm: backend.service.serviceMs must be > 0'],
    [service({ queue: -1 }), 'storm: backend.service.queue must be a number ≥ 0, got -1'],
    [service({ discipline: 'random' as never }), 'service.discipline must be fifo, lifo, priority'],
    [gateway({ maxPerSecond: 0 }), 'storm: backend.gateway.maxPerSecond must be > 0, got 0'],
    [
      gateway({ state: 'down' as never }),
      'storm: backend.gateway.state must be up, refusing, silent',
    ],
    [
      gateway({ limiter: { perSecond: 1 } as never }),
      'limiter.kind must be fixed-window, token-bucket',
    ],
    [gateway({ faults: { ratio: 2 } }), 'storm: backend.gateway.faults.ratio must be'],
    [
      { changes: [{ atMs: 0, dependency: { workers: 0 } }] },
      'storm: changes[0].dependency.workers must be a number ≥ 1, got 0',
    ],
    [
      { trouble: 1 } as never,
      "storm: scenario has no 'trouble'; there are name, about, durationMs,",
    ],
    [
      service({ servicMs: 5 } as never),
      "storm: scenario.backend.service has no 'servicMs'; there are workers, serviceMs,",
    ],
    [
      { changes: [{ atMs: 0 }, { atMs: 0, dependncy: {} } as never] },
      "storm: scenario.changes[1] has no 'dependncy'; there are atMs, region,",
    ],
  ])('defineScenario refuses %j', (changes, message) => {
    expect(() => defineScenario({ ...calm, ...changes })).toThrow(message)
  })
})

describe('users', () => {
  it('come as the shape of the load says', async () => {
    const report = await run({
      load: {
        ...calm.load,
        shape: [
          [minutes(2), 1],
          [minutes(4), 5],
          [minutes(6), 5],
          [minutes(6), 0],
        ],
      },
      phases: [
        { name: 'rise', fromMs: minutes(2), toMs: minutes(4) },
        { name: 'height', fromMs: minutes(4), toMs: minutes(6) },
        { name: 'nothing', fromMs: minutes(6), toMs: minutes(10) },
      ],
    })
    // The busiest minute is what 200 clients make at 0.1 calls a second.
    expect(report.scale).toBe(0.2)
    const calls = (name: string): number => phaseOf(report, name).calls
    expect(Math.abs(calls('before') / (4 * 120) - 1)).toBeLessThan(0.1)
    expect(Math.abs(calls('rise') / (12 * 120) - 1)).toBeLessThan(0.1)
    expect(Math.abs(calls('height') / (20 * 120) - 1)).toBeLessThan(0.1)
    expect(calls('nothing')).toBe(0)
    expect(phaseOf(report, 'nothing').successRatio).toBeNull()
  })

  it('come at once in a pulse', async () => {
    const report = await run({ pulses: [{ atMs: minutes(5), overMs: seconds(10), ratio: 0.5 }] })
    const calls = report.contenders[0]?.series.callsPerSecond ?? []
    expect(Math.abs((calls[30] ?? 0) - 30)).toBeLessThan(5)
    expect(Math.abs((calls[31] ?? 0) - 20)).toBeLessThan(5)
  })

  it('press reload, which is a call of its own', async () => {
    const down: Partial<Scenario> = {
      changes: [{ atMs: minutes(2), gateway: { state: 'refusing' } }],
    }
    const plain = phaseOf(await run(down), 'after').calls
    const half = phaseOf(await run({ ...down, reloads: { ratio: 0.5 } }), 'after').calls
    expect(Math.abs(half / plain - 2)).toBeLessThan(0.15)
  })
})

describe('the network', () => {
  it('takes its time', async () => {
    const { latencyMs } = phaseOf(await run({ network: { roundTripMs: 500 } }), 'after')
    expect(latencyMs.p50).toBeGreaterThan(550)
  })

  it('loses attempts, which then take their whole limit', async () => {
    const report = await run({ network: { lossRatio: 0.1 } }, { attemptTimeoutMs: 2000 })
    expect(Math.abs((phaseOf(report, 'after').successRatio ?? 0) - 0.9)).toBeLessThan(0.01)
  })

  it('is not there for a while for some', async () => {
    const report = await run({
      offline: [{ ratio: 0.3, fromMs: minutes(2), toMs: minutes(4) }],
      backend: { service: { workers: 200, serviceMs: 3000 } },
    })
    const ratio = phaseOf(report, 'spike').successRatio ?? 0
    expect(Math.abs(ratio - 0.7)).toBeLessThan(0.08)
    expect(phaseOf(report, 'after').successRatio).toBeGreaterThan(0.995)
  })
})

describe('regions', () => {
  const regions = [
    { name: 'east', ratio: 0.5 },
    { name: 'west', ratio: 0.5 },
  ]
  const down = { atMs: minutes(2), region: 'east', gateway: { state: 'silent' as const } }

  it('fail alone', async () => {
    const report = await run({ regions, changes: [down] }, { attemptTimeoutMs: 5000 })
    const ratio = phaseOf(report, 'after').successRatio ?? 0
    expect(Math.abs(ratio - 0.5)).toBeLessThan(0.1)
    expect(report.capacity).toBe(200)
  })

  it('take over each other’s clients, one after another', async () => {
    const report = await run(
      {
        regions,
        changes: [{ ...down, failover: { to: 'west', overMs: minutes(4) } }],
        phases: [{ name: 'end', fromMs: minutes(6), toMs: minutes(10) }],
      },
      { attemptTimeoutMs: 5000 },
    )
    const during = phaseOf(report, 'spike').successRatio ?? 0
    expect(during).toBeGreaterThan(0.5)
    expect(during).toBeLessThan(0.9)
    expect(phaseOf(report, 'end').successRatio).toBe(1)
  })
})

describe('what comes with the lab', () => {
  it('is found by its name', () => {
    for (const [name, each] of [...Object.entries(scenarios), ...Object.entries(contenders)])
      expect(each.name).toBe(name)
  })

  it('can be run', () => {
    for (const scenario of Object.values(scenarios)) expect(defineScenario(scenario)).toBe(scenario)
  })
})

describe('fleets', () => {
  const patientOnes = patient()
  const hasty = contender('hasty', 'Gives up at once.', {
    attemptTimeoutMs: 1,
    retry: false,
    cooldown: false,
    circuitBreaker: false,
  })

  it('can be mixed, and each part has figures of its own', async () => {
    const both = mixed('both', 'Some of each.', [
      [0.75, patientOnes],
      [0.25, hasty],
    ])
    const [only] = (await runStorm(calm, { clients: 400, contenders: [both] })).contenders
    const cohorts = only?.phases.at(-1)?.cohorts ?? []
    expect(cohorts.map(({ name }) => name)).toEqual(['patient', 'hasty'])
    expect(cohorts[0]?.successRatio).toBe(1)
    expect(cohorts[1]?.successRatio).toBeLessThan(0.01)
    const calls = cohorts.map((cohort) => cohort.calls)
    expect(Math.abs((calls[1] ?? 0) / ((calls[0] ?? 0) + (calls[1] ?? 0)) - 0.25)).toBeLessThan(0.1)
  })

  it('can change while it goes on', async () => {
    const turning = rolledOut('turning', 'Learns patience.', hasty, patientOnes, {
      fromMs: minutes(2),
      overMs: minutes(2),
    })
    const report = await runStorm(calm, { clients: 400, contenders: [turning] })
    expect(phaseOf(report, 'before').successRatio).toBeLessThan(0.01)
    expect(Math.abs((phaseOf(report, 'spike').successRatio ?? 0) - 0.5)).toBeLessThan(0.1)
    expect(phaseOf(report, 'after').successRatio).toBe(1)
  })

  it('are refused if the parts are no whole', () => {
    expect(() => mixed('half', 'Half.', [[0.5, hasty]])).toThrow(
      'mixed: the ratios of half must add up to 1, got 0.5',
    )
  })

  it('say what of them is real', () => {
    expect(evenkeel.runs).toBe('cores')
    expect(mixed('m', '', [[1, evenkeel]]).runs).toBe('cores')
    expect(
      mixed('m', '', [
        [0.5, evenkeel],
        [0.5, prescription],
      ]).runs,
    ).toBe('formula')
    const joins = { fromMs: 0, overMs: 1 }
    expect(rolledOut('r', '', prescription, contenders['no-retries'], joins).runs).toBe('formula')
    expect(rolledOut('r', '', prescription, evenkeel, joins).runs).toBe('formula')
  })
})
