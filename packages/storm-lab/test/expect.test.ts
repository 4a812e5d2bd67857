import { describe, expect, it } from 'vitest'
import { judge, readDemand, toldDemand } from '../src/expect/demand.ts'
import { type ExpectStormOptions, expectStorm, StormExpectationError } from '../src/expect.ts'
import { contender, contenders, scenarios } from '../src/index.ts'
import { fleetsOf } from '../src/summary/fleets.ts'

const size: ExpectStormOptions = { clients: 60 }
const moduleUrl = (name: string): URL => new URL(`./modules/${name}.ts`, import.meta.url)

/** What an expectation says that does not hold. */
async function failure(expecting: Promise<void>): Promise<StormExpectationError> {
  const error = await expecting.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof StormExpectationError)) throw new Error('it held', { cause: error })
  return error
}

describe('expectStorm', () => {
  const storm = expectStorm('outage-60s', ['fixed-1s', 'evenkeel'], size)

  it('holds for the figures of the report, and for nothing beyond them', async () => {
    const [report] = await storm.reports()
    const spikes = report?.contenders.map(({ phases }) => phases[1])
    const attempts = spikes?.map((phase) => phase?.attemptsPerCall ?? 0) ?? []
    const most = Math.max(...attempts)
    await storm.attemptsPerCall.toBeAtMost(most)
    await storm.attemptsPerCall.toBeBelow(most + 0.001)
    await storm.attemptsPerCall.toBeAtLeast(Math.min(...attempts))
    await storm.attemptsPerCall.toBeAbove(Math.min(...attempts) - 0.001)
    await failure(storm.attemptsPerCall.toBeBelow(most))
    await failure(storm.attemptsPerCall.toBeAtMost(most - 0.001))
    await failure(storm.attemptsPerCall.toBeAbove(Math.min(...attempts)))
    await failure(storm.attemptsPerCall.toBeAtLeast(Math.min(...attempts) + 0.001))
  })

  it.each<[readonly unknown[], string]>([
    [
      [undefined, 'evenkeel'],
      'a scenario must be one of the lab, its name or a file: URL, got undefined',
    ],
    [
      ['outage-60s', undefined],
      'a fleet must be one of the lab, its name or a file: URL, got undefined',
    ],
    [['outage-60s', [{ retry: false }]], 'a fleet must be one of the lab'],
    [['outage-60s', 'evenkeel', { client: 5 }], "options has no 'client'; there are clients, "],
    [['outage-60s', 'evenkeel', { seeds: 0 }], 'seeds must be a number ≥ 1, got 0'],
  ])('says of %j what is wrong', (args, message) => {
    expect(() => Reflect.apply(expectStorm, undefined, args)).toThrow(message)
  })

  it('says how a module is named, and which priorities there are', async () => {
    await expect(expectStorm('outage-60s', './app.ts' as never).reports()).rejects.toThrow(
      "a module is named by its file: URL, new URL('./app.ts', import.meta.url)",
    )
    await expect(storm.successRatio.of('crucial' as never).toBeAbove(0)).rejects.toThrow(
      "there is no priority 'crucial'; did you mean 'critical'?",
    )
  })

  it('knows every figure of a phase, and the phases by name', async () => {
    const [report] = await storm.reports()
    const after = report?.contenders.map(({ phases }) => phases.at(-1)) ?? []
    const least = (of: (phase: (typeof after)[number]) => number | null | undefined): number =>
      Math.min(...after.map((phase) => of(phase) ?? Number.NaN))
    const during = storm.during('after')
    await during.attemptsPerCall.toBeAtLeast(least((phase) => phase?.attemptsPerCall))
    await during.peakMinuteAttemptsPerCall.toBeAtLeast(
      least((phase) => phase?.peakMinuteAttemptsPerCall),
    )
    await during.successRatio.toBeAtLeast(least((phase) => phase?.successRatio))
    await during.successRatio
      .of('critical')
      .toBeAtLeast(least((phase) => phase?.successByPriority.critical))
    await during.unsentRatio.toBeAtLeast(least((phase) => phase?.unsentRatio))
    await during.goodputRatio.toBeAtLeast(least((phase) => phase?.goodputRatio))
    await during.wastedRatio.toBeAtLeast(least((phase) => phase?.wastedRatio))
    await during.p50Ms.toBeAtLeast(least((phase) => phase?.latencyMs.p50))
    await during.p99Ms.toBeAtLeast(least((phase) => phase?.latencyMs.p99))
    await expect(storm.during('spkie').p99Ms.toBeBelow(1)).rejects.toThrow(
      "outage-60s has no phase 'spkie'; did you mean 'spike'?",
    )
  })

  it('runs the storm once, when it is first asked', async () => {
    expect(await storm.reports()).toBe(await storm.reports())
    const wrong = expectStorm('outage-60s', new URL('./modules/nowhere.ts', import.meta.url))
    await expect(wrong.toBeSurvived()).rejects.toThrow('there is no file')
  })

  it('says fleet, scenario, phase, expected, measured, seed and the command to look at it', async () => {
    const { message, finding } = await failure(storm.attemptsPerCall.toBeBelow(1.1))
    expect(message).toMatch(
      /^fixed-1s in outage-60s: expected attempts per call in the spike below 1\.10, measured 3\.\d\d\n/,
    )
    expect(message).toContain('  seed      1\n')
    const command =
      'npx @evenkeel/storm-lab run outage-60s --clients 60 --contender fixed-1s,evenkeel --seed 1 --report storm.html'
    expect(message.split('\n').at(-1)).toBe(`  look      ${command}`)
    expect(finding).toEqual({
      scenario: 'outage-60s',
      contender: 'fixed-1s',
      seed: 1,
      phase: 'spike',
      expected: 'attempts per call in the spike below 1.10',
      measured: expect.any(Number),
      command,
    })
  })

  it('must hold with every seed, and names those with which it does not', async () => {
    const several = expectStorm(scenarios['outage-60s'], contenders.evenkeel, {
      ...size,
      seed: 4,
      seeds: 3,
    })
    const reports = await several.reports()
    expect(reports.map(({ seed }) => seed)).toEqual([4, 5, 6])
    const attempts = reports.map(({ contenders: [only] }) => only?.phases[1]?.attemptsPerCall ?? 0)
    const second = [...attempts].sort((a, b) => a - b)[1] as number
    const { message, finding } = await failure(several.attemptsPerCall.toBeAtMost(second))
    const seed = 4 + attempts.findIndex((each) => each > second)
    expect(finding.seed).toBe(seed)
    expect(message.match(/✗/g)).toHaveLength(1)
    expect(finding.command).toContain(
      `run outage-60s --clients 60 --contender evenkeel --seed ${seed}`,
    )
  })

  it('takes modules, whose paths are in the command', async () => {
    const own = expectStorm(moduleUrl('lunch'), [moduleUrl('policies/rules')], size)
    const { finding } = await failure(own.during('after').successRatio.toBeAbove(2))
    expect(finding.contender).toBe('rules')
    expect(finding.command).toMatch(
      /run \.\/\S*modules\/lunch\.ts --clients 60 --policy \.\/\S*policies\/rules\.ts --seed 1/,
    )
  })

  it('says where a module is missing for the command', async () => {
    const mine = contender('mine', 'Does its best.', {})
    const launch = { ...scenarios['outage-60s'], name: 'launch' }
    const { finding } = await failure(expectStorm(launch, mine, size).attemptsPerCall.toBeBelow(0))
    expect(finding.command).toContain(
      "run '<the module that exports launch>' --clients 60 --policy '<the module that exports mine>'",
    )
  })

  it('knows a recovery that never came, and a phase without calls', async () => {
    const down = {
      ...scenarios['outage-60s'],
      name: 'for-good',
      changes: scenarios['outage-60s'].changes?.slice(0, 1) ?? [],
    }
    const storm = expectStorm(down, 'no-retries', size)
    const never = await failure(storm.toBeSurvived())
    expect(never.message).toMatch(/^no-retries in for-good: expected a recovery, measured never\n/)
    expect(never.finding).toMatchObject({ measured: Infinity, phase: undefined })
    expect((await failure(storm.recoveryMs.toBeBelow(90_000))).message).toContain(
      'expected recovery below 90 s, measured never',
    )
    const { load } = scenarios['outage-60s']
    const quiet = {
      ...down,
      load: { ...load, shape: [[0, 0] as const, [360_000, 0] as const, [360_001, 1] as const] },
    }
    const nothing = await failure(expectStorm(quiet, 'no-retries', size).successRatio.toBeAbove(0))
    expect(nothing.message).toContain('measured no calls')
  })

  it('shows a figure in full that would look like its limit', async () => {
    const [report] = await storm.reports()
    const value = report?.contenders[0]?.phases[1]?.attemptsPerCall ?? 0
    const { message } = await failure(storm.attemptsPerCall.toBeBelow(value - 0.0001))
    expect(message).toContain(`measured ${value}`)
  })
})

describe('an expectation on a command line', () => {
  it.each([
    ['attemptsPerCall<1.1', 'attempts per call in the spike below 1.10'],
    ['after:successRatio>=0.99', 'success after the trigger at least 99 %'],
    ['before:unsentRatio <= 0', 'calls never sent before the trigger at most 0 %'],
    [
      'second wave:successRatio.critical>0.9',
      "success of critical calls in 'second wave' above 90 %",
    ],
    ['recoveryMs<60_000', 'recovery below 60 s'],
    ['survived', 'a recovery'],
  ])('%s is %s', (text, told) => expect(toldDemand(readDemand(text))).toBe(told))

  it.each([
    ['', "'' is no expectation: 'survived', or such as"],
    ['attemptsPerCall=1', 'is no expectation'],
    ['attempts<1', "there is no measure 'attempts'"],
    ['sucessRatio>1', "did you mean 'successRatio'?"],
    ['wastedRatio.critical<1', 'successRatio alone is known by priority'],
    ['successRatio.vital>1', 'and that is critical, important, deferred'],
  ])('%s is refused', (text, message) => expect(() => readDemand(text)).toThrow(message))

  it('is judged for each fleet and each seed', async () => {
    const storm = expectStorm('outage-60s', ['no-retries', 'fixed-1s'], { ...size, seeds: 2 })
    const judged = judge(readDemand('attemptsPerCall<=1'), fleetsOf(await storm.reports()))
    expect(judged.map(({ contender: name, seed, holds }) => [name, seed, holds])).toEqual([
      ['no-retries', 1, true],
      ['no-retries', 2, true],
      ['fixed-1s', 1, false],
      ['fixed-1s', 2, false],
    ])
  })
})
