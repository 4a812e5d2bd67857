import { type Contender, runStorm } from '@evenkeel/storm-lab'
import { describe, expect, it } from 'vitest'
import { agreementSentence } from '../src/report/agreement-text.ts'
import { scenarios } from '../src/scenario/scenario.ts'
import { sharedScenario } from '../src/scenario/shared-scenario.ts'
import { Timeline } from '../src/scenario/timeline.ts'
import { agreement } from '../src/simulation/agreement.ts'
import evenkeel from '../src/simulation/contenders/evenkeel.ts'
import fixedDelay from '../src/simulation/contenders/fixed-delay.ts'
import pRetry from '../src/simulation/contenders/p-retry.ts'
import { callFigures, type Figures } from '../src/simulation/figures.ts'
import { spansOf } from '../src/statistics/spans.ts'

const stepMs = 10_000
const spans = spansOf(new Timeline(scenarios.full.phases))
const steps = spans.after.endMs / stepMs
const constant = (value: number) => new Array<number>(steps).fill(value)

describe('callFigures', () => {
  it('counts what was sent in a span for what was begun in it', () => {
    const inSpike = (step: number) => step >= 3 && step < 27
    const figures = callFigures(
      {
        calls: constant(2),
        attempts: constant(2).map((value, step) => (inSpike(step) ? 3 * value : value)),
        success: constant(1).map((value, step) => (inSpike(step) ? 0.25 : value)),
      },
      stepMs,
      spans,
    )
    expect(figures).toEqual({
      attemptsInSpike: 3,
      attemptsAfter: 1,
      successInSpike: 0.25,
      successAfter: 1,
      recoveredAfterMs: 0,
    })
  })

  it('finds the step from which all stays well', () => {
    const recovered = (isDown: (step: number) => boolean) => {
      const success = constant(1).map((value, step) => (isDown(step) ? 0.5 : value))
      const series = { calls: constant(2), attempts: constant(2), success }
      return callFigures(series, stepMs, spans).recoveredAfterMs
    }
    expect(recovered((step) => step < 31)).toBe(40_000)
    expect(recovered((step) => step < 30 || step === 40)).toBe(140_000)
    expect(recovered((step) => step === steps - 1)).toBeNull()
  })

  it('knows nothing of what nobody did', () => {
    const none = { calls: constant(0), attempts: constant(0), success: constant(0) }
    expect(new Set(Object.values(callFigures(none, stepMs, spans)))).toEqual(new Set([null]))
  })
})

const figures: Figures = {
  attemptsInSpike: 5,
  attemptsAfter: 4,
  successInSpike: 0.1,
  successAfter: 0.4,
  recoveredAfterMs: null,
  socketsBackAfterMs: 100_000,
  dialsPerUser: 40,
  peakDialsPerSecond: 300,
}
const compare = (real: Partial<Figures>) =>
  agreement(
    [
      {
        world: 'p-retry',
        runs: [figures, { ...figures, attemptsAfter: 6, recoveredAfterMs: 200_000 }],
      },
    ],
    new Map([['p-retry', { ...figures, ...real }]]),
  )
const agrees = (real: Partial<Figures>) =>
  compare(real).figures.every(({ pairs }) => pairs.every((pair) => pair.agrees))
const sentence = (real: Partial<Figures>) =>
  agreementSentence(compare(real), (world) => `(${world})`)

describe('agreement', () => {
  it('takes what any simulated seed came to, give or take a tenth', () => {
    expect([3.7, 5, 6.5].map((attemptsAfter) => agrees({ attemptsAfter }))).toEqual([
      true,
      true,
      true,
    ])
    expect([3.5, 6.7].map((attemptsAfter) => agrees({ attemptsAfter }))).toEqual([false, false])
  })

  it('takes never for an answer where a seed never recovered, and only there', () => {
    expect(agrees({ recoveredAfterMs: null })).toBe(true)
    expect(agrees({ recoveredAfterMs: 180_000 })).toBe(true)
    expect(agrees({ recoveredAfterMs: 60_000 })).toBe(false)
    expect(agrees({ socketsBackAfterMs: null })).toBe(false)
  })

  it('gives the ratio of real to simulated', () => {
    const [first] = compare({ attemptsInSpike: 6 }).figures
    expect(first?.pairs).toEqual([
      { world: 'p-retry', simulated: 5, range: [5, 5], real: 6, ratio: 1.2, agrees: false },
    ])
  })

  it('takes the median of the seeds', () => {
    const { figures } = compare({ attemptsAfter: 5 })
    expect(figures.find(({ figure }) => figure === 'attemptsAfter')?.pairs[0]).toMatchObject({
      simulated: 5,
      range: [4, 6],
      ratio: 1,
    })
    const recovery = figures.find(({ figure }) => figure === 'recoveredAfterMs')?.pairs[0]
    expect(recovery).toMatchObject({ simulated: null, range: [200_000, null], ratio: null })
  })

  it('says it in a sentence', () => {
    expect(sentence({})).toBe(
      'Simulation and reality agree: of 8 figures 8 lie within what 2 simulated runs came to, give or take a tenth.',
    )
    expect(sentence({ attemptsAfter: 9, socketsBackAfterMs: null })).toBe(
      'Simulation and reality differ: of 8 figures 6 lie within what 2 simulated runs came to, give or take a tenth; not so (p-retry), attempts per call, after it: 4.00 to 6.00 simulated, 9.00 real; (p-retry), 99 % of sockets back after: 100 s simulated, never real.',
    )
  })

  it('says which of the two is wrong about dials', () => {
    expect(sentence({ dialsPerUser: 30 })).toContain('30.0 real. Of dials reality is right')
    expect(sentence({ dialsPerUser: 60 })).not.toContain('is right')
  })
})

describe('simulated', () => {
  it('runs the app itself, which gives up with its user', async () => {
    const [report] = (
      await runStorm(sharedScenario, { clients: 10, callsPerClient: 0.02, contenders: [pRetry] })
    ).contenders
    expect(report?.runs).toBe('shells')
    expect(report?.metrics.attemptsPerCall.spike).toBeGreaterThan(1)
    // Its tenth retry would come after 17 minutes; nobody waits longer than two.
    expect(report?.metrics.attemptsPerCall.peakMinute).toBeLessThan(30)
  })
})

describe('their sockets', () => {
  const size = { clients: 300, callsPerClient: 0.01 }
  const socketsOf = async (...contenders: Contender[]) =>
    (await runStorm(calm, { ...size, contenders })).contenders.map(({ metrics }) => metrics.sockets)
  /** Sockets know nothing of calls. */
  const calm = { ...sharedScenario, load: { ...sharedScenario.load, shape: [] } }

  it('come back at the pace of the gateway: the loop by ten times the dials of evenkeel', async () => {
    const [loop, ours] = await socketsOf(fixedDelay, evenkeel)
    expect(loop?.dialsPerDrop).toBeGreaterThan(30)
    expect(loop?.peakDialsPerSecond).toBe(300)
    expect(ours?.dialsPerDrop).toBeLessThan(4)
    expect(ours?.backMs).toBeLessThan(120_000)
  })

  it('are not all back where each wait is twice the one before', async () => {
    const [doubled] = await socketsOf(pRetry)
    expect(doubled?.backMs).toBeNull()
  })
})
