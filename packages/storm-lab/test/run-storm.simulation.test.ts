import { constant } from '@evenkeel/retry'
import { describe, expect, it } from 'vitest'
import {
  type ClientRules,
  type Contender,
  contenders,
  minutes,
  type Report,
  runStorm,
  type Scenario,
  scenarios,
  seconds,
} from '../src/index.ts'
import { calm, patient, phaseOf, run } from './calm-storm.ts'

describe('runStorm', () => {
  it('gives the same report for the same seed, byte for byte, and another for another', async () => {
    const json = async (seed: number, each: readonly Contender[]): Promise<string> =>
      JSON.stringify(
        await runStorm(scenarios['outage-60s'], { clients: 30, seed, contenders: each }),
      )
    const all = Object.values(contenders)
    expect(await json(1, all)).toBe(await json(1, all))
    for (const quick of [contenders['no-retries'], contenders.evenkeel]) {
      const changed = (await json(2, [quick])).replace('"seed":2', '"seed":1')
      expect(changed).not.toBe(await json(1, [quick]))
    }
  })

  it('simulates the same load however many clients share it', async () => {
    const of = async (clients: number, callsPerClient: number): Promise<Report> =>
      runStorm(calm, { clients, callsPerClient, contenders: [patient()] })
    const [few, many] = [await of(200, 0.1), await of(2000, 0.01)]
    expect(few.scale).toBe(1)
    expect(many.scale).toBe(1)
    expect(few.capacity).toBe(200)
    expect(Math.abs(phaseOf(many, 'after').calls / (20 * 360) - 1)).toBeLessThan(0.03)
    const double = await of(400, 0.1)
    expect([double.scale, double.capacity]).toEqual([2, 400])
  })
})

describe('users', () => {
  it('go when their patience is at an end, whoever goes on for them', async () => {
    const report = await run(
      {
        load: { ...calm.load, patienceMs: seconds(5) },
        changes: [{ atMs: minutes(2), gateway: { state: 'silent' } }],
      },
      {
        attemptTimeoutMs: 1000,
        totalTimeoutMs: Infinity,
        retry: { maxRetries: 20, backoff: constant(1000, { jitterRatio: 0 }), budget: false },
      },
    )
    const after = phaseOf(report, 'after')
    expect(after.successRatio).toBe(0)
    expect(after.attemptsPerCall).toBeGreaterThan(20)
    expect(phaseOf(report, 'before').successRatio).toBeGreaterThan(0.98)
  })

  it('lose what their clients remember when they reload, unless it is kept', async () => {
    const down = (forgets: boolean): Partial<Scenario> => ({
      durationMs: minutes(5),
      changes: [{ atMs: minutes(2), gateway: { state: 'refusing' } }],
      reloads: { ratio: 0.9, forgets },
    })
    const attempts = async (forgets: boolean, survivesReload = false): Promise<number> => {
      const rules: ClientRules = { retry: {}, circuitBreaker: {}, cooldown: {}, survivesReload }
      return phaseOf(await run(down(forgets), rules), 'after').attemptsPerCall ?? 0
    }
    const kept = await attempts(false)
    expect(await attempts(true, true)).toBe(kept)
    expect(await attempts(true)).toBeGreaterThan(2 * kept)
  })
})
