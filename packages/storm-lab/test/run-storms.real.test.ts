import { describe, expect, it } from 'vitest'
import { contenders, runStorm, scenarios } from '../src/index.ts'
import { runStorms, type StormJob } from '../src/workers.ts'

const job = (seed: number): StormJob => ({
  scenario: 'outage-60s',
  contenders: ['evenkeel'],
  clients: 50,
  seed,
})
const module = (name: string): URL => new URL(`./modules/${name}.ts`, import.meta.url)

describe('runStorms', () => {
  it('gives the reports that runStorm gives, in the order of the jobs', async () => {
    const told: number[] = []
    const reports = await runStorms([job(1), job(2), job(3)], {
      workers: 2,
      onProgress: (which, { ratio }) => {
        if (ratio === 1) told.push(which)
      },
    })
    const alone = [1, 2, 3].map((seed) =>
      runStorm(scenarios['outage-60s'], { clients: 50, seed, contenders: [contenders.evenkeel] }),
    )
    expect(reports).toEqual(await Promise.all(alone))
    expect(told.sort()).toEqual([0, 1, 2])
  })

  it('takes scenarios and contenders from modules', async () => {
    const [report] = await runStorms([
      { scenario: module('lunch'), contenders: ['no-retries', module('fleets')], clients: 20 },
    ])
    expect(report?.scenario.name).toBe('lunch')
    expect(report?.contenders.map(({ name }) => name)).toEqual(['no-retries', 'first', 'second'])
  })

  it('ends all with the first error', async () => {
    const jobs = [job(1), { ...job(2), scenario: 'lunch' as never }, job(3)]
    await expect(runStorms(jobs, { workers: 3 })).rejects.toThrow(
      "storm: there is no scenario 'lunch'; there are",
    )
    await expect(runStorms([{ ...job(1), clients: -1 }])).rejects.toThrow('storm: clients must be')
    await expect(runStorms([], { workers: 0 })).rejects.toThrow('storm: workers must be')
  })

  it('ends when it is asked to', async () => {
    const reason = new Error('enough')
    await expect(runStorms([job(1)], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const controller = new AbortController()
    const running = runStorms([{ ...job(1), clients: 500_000 }], { signal: controller.signal })
    controller.abort(reason)
    await expect(running).rejects.toBe(reason)
  })
})
