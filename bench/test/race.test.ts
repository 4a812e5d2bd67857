import { describe, expect, it } from 'vitest'
import type { BatchCost } from '../src/race/racer.ts'
import { runBeside } from '../src/race/run-beside.ts'
import { runCalls } from '../src/race/run-calls.ts'
import { warmUp } from '../src/race/warm-up.ts'
import { races } from '../src/suites/races.ts'

/** A racer whose calls take so long each; slower by a factor until it is compiled. */
function fakeRacer(callUs: number, compiledAfter = 0) {
  const batches: number[] = []
  let made = 0
  return {
    batches,
    async run(calls: number): Promise<BatchCost> {
      batches.push(calls)
      const cpuUs = calls * callUs * (made < compiledAfter ? 10 : 1)
      made += calls
      return { cpuUs, wallMs: cpuUs / 1000 }
    },
  }
}

describe('warmUp', () => {
  it('finds how many calls fill a batch', async () => {
    expect(await warmUp(fakeRacer(2), 40, 1)).toBe(20_000)
  })

  it('is not misled by how slow the first calls are', async () => {
    expect(await warmUp(fakeRacer(2, 5000), 40, 1)).toBe(20_000)
  })

  it('never gives fewer calls than are in flight', async () => {
    expect(await warmUp(fakeRacer(1_000_000), 40, 16)).toBe(16)
  })

  it('runs the contender for a second and a half of CPU time at least', async () => {
    const racer = fakeRacer(100)
    await warmUp(racer, 40, 1)
    const calls = racer.batches.reduce((sum, batch) => sum + batch)
    expect(calls * 100).toBeGreaterThanOrEqual(1_500_000)
  })
})

describe('runCalls', () => {
  async function observe(count: number, inFlight: number) {
    let made = 0
    let open = 0
    let mostOpen = 0
    const call = async (): Promise<void> => {
      made++
      mostOpen = Math.max(mostOpen, ++open)
      await Promise.resolve()
      open--
    }
    await runCalls(call, count, inFlight)
    return { made, mostOpen }
  }

  it('makes one call after the other', async () => {
    expect(await observe(7, 1)).toEqual({ made: 7, mostOpen: 1 })
  })

  it('keeps as many in flight as it is told', async () => {
    expect(await observe(64, 16)).toEqual({ made: 64, mostOpen: 16 })
  })
})

describe('races', () => {
  it.each(Object.entries(races))('%s: names are unique, and a twin shows the noise', (_, race) => {
    const names = race.contenders.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names[1]).toMatch(/twin, control/)
  })
})

describe('runBeside', () => {
  const recorder = (made: string[], name: string) => async (count: number) =>
    void made.push(name.repeat(count))

  it('makes as many calls of each as it is told, in turns of which neither is always first, after one to warm up', async () => {
    const made: string[] = []
    const costs = await runBeside([recorder(made, 'a'), recorder(made, 'b')], [10, 20])
    expect(made.join(' ')).toBe(`a bb ${'a bb bb a '.repeat(5)}`.trimEnd())
    expect(costs).toHaveLength(2)
  })

  it('loses none where turns are not of the same length', async () => {
    const made: string[] = []
    await runBeside([recorder(made, 'a'), recorder(made, 'b')], [3, 17])
    made.splice(0, 2)
    expect(made.join('').replaceAll('b', '')).toBe('aaa')
    expect(made.join('').replaceAll('a', '')).toBe('b'.repeat(17))
  })

  it('gives each turn whole rounds of what is in flight', async () => {
    const made: string[] = []
    await runBeside([recorder(made, 'a'), recorder(made, 'b')], [48, 64], 16)
    const turns = (name: string): number[] =>
      made.filter((turn) => turn.includes(name)).map(({ length }) => length)
    expect(turns('a')).toEqual([16, 16, 16, 16])
    expect(turns('b')).toEqual([16, 16, 16, 16, 16])
  })

  it('gives one alone all its calls at once', async () => {
    const made: string[] = []
    await runBeside([recorder(made, 'a')], [5])
    expect(made).toEqual(['aaaaa'])
  })
})
