import { describe, expect, it } from 'vitest'
import { contenders, scenarios } from '../src/index.ts'
import { UsageError } from '../src/modules/known.ts'
import { loadContenders } from '../src/modules/load-contenders.ts'
import { loadScenario } from '../src/modules/load-scenario.ts'

const moduleUrl = (name: string): string => new URL(`./modules/${name}.ts`, import.meta.url).href

describe('a policy', () => {
  it('is found by its name, or is the default export of a module, alone or with others', async () => {
    expect(await loadContenders('evenkeel')).toEqual([contenders.evenkeel])
    const fleets = await loadContenders(moduleUrl('fleets'))
    expect(fleets.map(({ name }) => name)).toEqual(['first', 'second'])
  })

  it('can be the rules alone, under the name of the file', async () => {
    const [rules] = await loadContenders(moduleUrl('policies/rules'))
    expect(rules?.name).toBe('rules')
    expect(rules?.cohorts[0]?.rules).toEqual({ retry: { maxRetries: 1 }, circuitBreaker: false })
  })

  it('may have been compiled to CommonJS', async () => {
    const [rules] = await loadContenders(
      new URL('./modules/policies/compiled.cjs', import.meta.url).href,
    )
    expect([rules?.name, rules?.runs, rules?.cohorts[0]?.rules]).toEqual([
      'compiled',
      'cores',
      { retry: false },
    ])
  })

  it.each([
    ['unknown-rule', "sets 'retries', which is no rule of a client; did you mean 'retry'?"],
    ['unknown-part', "rules.retry has no 'retries'; there are maxRetries, backoff, budget, "],
    ['no-backoff', 'retry.backoff must be a function, such as fullJitter()'],
    ['negative', 'retry.maxRetries must be a number ≥ 0, got -1'],
    ['wrong-type', 'must be object or false, got true'],
    ['null', 'is null, no policy'],
    ['number', 'is a number, no policy'],
    ['nobody', 'exports no contender'],
    ['no-cohorts', 'needs a name and cohorts'],
    ['no-default', 'has no default export'],
    ['throws', 'throws.ts does not load: it broke'],
    ['not-installed', 'npm i -D @evenkeel/storm-lab'],
    ['too-new', 'reads no TypeScript; 22.18 and newer do'],
    ['common-js', /"type": "module" there, or name it .*common-js\.mts$/],
    ['missing', 'there is no file'],
  ])('of %s is told what is wrong', async (name, message) => {
    const loading = loadContenders(moduleUrl(`policies/${name}`))
    await expect(loading).rejects.toThrow(UsageError)
    await expect(loading).rejects.toThrow(message)
  })

  it('of a wrong name hears the nearest, or all there are', async () => {
    await expect(loadContenders('evenkell')).rejects.toThrow(
      "storm: there is no contender 'evenkell'; did you mean 'evenkeel'?",
    )
    await expect(loadContenders('toString')).rejects.toThrow("there is no contender 'toString'; ")
  })
})

describe('a scenario', () => {
  it('is found by its name, or is the default export of a module', async () => {
    expect(await loadScenario('cascade')).toBe(scenarios.cascade)
    expect((await loadScenario(moduleUrl('lunch'))).name).toBe('lunch')
  })

  it.each([
    ['half-a-scenario', 'lacks durationMs, trigger. A scenario is'],
    ['policies/number', 'is a number, no scenario'],
    ['impossible-scenario', "can't be run: durationMs must be"],
  ])('of %s is told what is wrong', async (name, message) => {
    await expect(loadScenario(moduleUrl(name))).rejects.toThrow(message)
  })

  it('of a wrong name hears the nearest', async () => {
    await expect(loadScenario('incident2022')).rejects.toThrow("did you mean 'incident-2022'?")
    await expect(loadScenario('xyz')).rejects.toThrow('; there are bad-deploy, ')
  })
})
