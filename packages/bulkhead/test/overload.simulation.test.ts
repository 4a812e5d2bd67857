import type { Priority } from '@evenkeel/core'
import { describe, expect, it } from 'vitest'
import { capacityPerSecond, overload, type Tally } from './overload.ts'

function print(title: string, tallies: Record<Priority, Tally>): void {
  console.log(
    [title, ...Object.entries(tallies).map(([kind, tally]) => `  ${kind}: ${tally}`)].join('\n'),
  )
}

const maxQueued = 100
const agingMs = 5000
/** An overdue call is behind at most a whole queue of older ones, and has every tenth start. */
const boundMs = agingMs + (10 * maxQueued * 1000) / capacityPerSecond

describe('five times as many calls as there is room for, for a minute', () => {
  const loads = [
    ['critical', 0.75],
    ['important', 1.75],
    ['deferred', 2.5],
  ] as const

  it('cost the critical ones next to nothing: the deferred are shed first, and nobody waits for longer than the bound', async () => {
    const tallies = await overload(loads, { maxQueued, agingMs })
    print('5× overload, priorities:', tallies)
    const { critical, important, deferred } = tallies
    expect(critical.share).toBeGreaterThanOrEqual(0.99)
    expect(critical.waitMs(0.99)).toBeLessThan(1000)
    // Those that are shed have found a full queue, in which only more important ones are left.
    expect(deferred.share).toBeLessThan(0.01)
    expect(important.share).toBeGreaterThan(10 * deferred.share)
    const done = critical.done + important.done + deferred.done
    expect(done).toBeGreaterThan(0.95 * 60 * capacityPerSecond)
    const longestMs = Math.max(
      ...Object.values(tallies).flatMap((tally) => [...tally.startedAfterMs, ...tally.shedAfterMs]),
    )
    console.log(`longest wait of all: ${longestMs.toFixed(0)} ms, bound ${boundMs} ms`)
    expect(longestMs).toBeLessThan(boundMs)
  })

  it('without priorities would leave a fifth of each kind', async () => {
    const tallies = await overload(loads, { maxQueued, agingMs }, () => 'important')
    print('5× overload, all alike:', tallies)
    for (const { share } of Object.values(tallies)) expect(Math.round(10 * share)).toBe(2)
  })
})

describe('a queue that never empties, and never fills', () => {
  const loads = [
    ['critical', 0.8],
    ['important', 0.25],
    ['deferred', 0.02],
  ] as const
  const options = { maxQueued: 1000, maxWaitMs: Infinity }

  it('starves nobody', async () => {
    const tallies = await overload(loads, { ...options, agingMs })
    print('1.07× load, aging:', tallies)
    expect(tallies.deferred.share).toBe(1)
    expect(tallies.deferred.waitMs(1)).toBeLessThan(60_000)
    expect(tallies.critical.waitMs(0.99)).toBeLessThan(1000)
  })

  it('starves the deferred without aging', async () => {
    const tallies = await overload(loads, { ...options, agingMs: Infinity })
    print('1.07× load, no aging:', tallies)
    expect(tallies.deferred.waitMs(0.5)).toBeGreaterThan(10_000)
  })
})
