import { seededRandom } from '@evenkeel/core/testing'
import { describe, expect, it } from 'vitest'
import { callPlan } from '../src/scenario/call-plan.ts'
import { population } from '../src/scenario/population.ts'
import { scenarios } from '../src/scenario/scenario.ts'
import { Timeline } from '../src/scenario/timeline.ts'

const timeline = new Timeline(scenarios.full.phases)
const { classes } = scenarios.full
const clients = population(300, 30, classes)

const plan = (seed: number) =>
  callPlan({ timeline, clients, basePerSecond: 10, readRatio: 0.7, random: seededRandom(seed) })

/** How far a count of a Poisson process may stray: five standard deviations. */
const near = (count: number, expected: number) =>
  expect(Math.abs(count - expected)).toBeLessThan(5 * Math.sqrt(expected))

describe('population', () => {
  it('has each kind of user in its share', () => {
    const counts = classes.map(({ name }) => clients.filter(({ id }) => id.startsWith(name)).length)
    expect(counts).toEqual([120, 150, 30])
  })

  it('keeps the mean activity at 1', () => {
    const sum = clients.reduce((total, { activity }) => total + activity, 0)
    expect(sum / clients.length).toBeCloseTo(1, 6)
  })

  it('has users of its kinds even when there is but one', () => {
    expect(population(1, 1, classes)).toEqual([{ id: 'regular-1', activity: 0.9, channel: 0 }])
  })
})

describe('callPlan', () => {
  it('draws the same calls from the same seed, and others from another', () => {
    expect(plan(7)).toEqual(plan(7))
    expect(plan(7)).not.toEqual(plan(8))
  })

  it('follows the load of the timeline', () => {
    const calls = plan(1)
    for (const name of ['calm', 'peak', 'recovery'] as const) {
      const { startMs, endMs, toLoad, durationMs } = timeline.phase(name)
      const count = calls.filter(({ atMs }) => atMs >= startMs && atMs < endMs).length
      near(count, (10 * toLoad * durationMs) / 1_000)
    }
  })

  it('has calls in order of time, all within the timeline', () => {
    const instants = plan(2).map(({ atMs }) => atMs)
    expect(instants).toEqual(instants.toSorted((a, b) => a - b))
    expect(instants.at(-1)).toBeLessThan(timeline.endMs)
  })

  it('gives users calls by their activity, and kinds by their share', () => {
    const calls = plan(3)
    const heavy = calls.filter(({ client }) => clients[client]?.activity === 5).length
    near(heavy, calls.length / 2)
    near(calls.filter(({ kind }) => kind === 'read').length, calls.length * 0.7)
  })
})
