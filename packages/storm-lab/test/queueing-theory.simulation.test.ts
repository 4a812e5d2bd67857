import { describe, expect, it } from 'vitest'
import { Station } from '../src/backend/station.ts'
import type { StationOptions } from '../src/backend/station-options.ts'
import { AttemptTable } from '../src/fleet/attempt-table.ts'
import { Kernel } from '../src/kernel/kernel.ts'
import { RandomStream } from '../src/random/random-stream.ts'

/** The part of those who must wait in M/M/c (Erlang, 1917), by the recursion of his B formula. */
function erlangC(workers: number, offered: number): number {
  let blocked = 1
  for (let each = 1; each <= workers; each++)
    blocked = (offered * blocked) / (each + offered * blocked)
  return blocked / (1 - (offered / workers) * (1 - blocked))
}

/** The mean time of requests that come as a Poisson process, from the first to the last of them. */
function meanTimeMs(options: StationOptions, perSecond: number, count: number): number {
  const kernel = new Kernel()
  const attempts = new AttemptTable()
  const arrivals = new RandomStream(1, 'arrivals')
  const sinceMs: number[] = []
  let done = 0
  let sumMs = 0
  const station = new Station(0, { kernel, attempts }, new RandomStream(1, 'service'), options, 1, {
    served(attempt) {
      done++
      sumMs += kernel.nowMs - (sinceMs[attempt] as number)
      attempts.give(attempt)
    },
    refused() {},
    dropped() {},
  })
  const arrive = kernel.on((left) => {
    const attempt = attempts.take()
    sinceMs[attempt] = kernel.nowMs
    station.submit(attempt)
    if (left)
      kernel.at(kernel.nowMs + (1000 * arrivals.exponential()) / perSecond, arrive, left - 1)
  })
  kernel.at(0, arrive, count)
  kernel.run(Infinity)
  expect(done).toBe(count + 1)
  return sumMs / done
}

describe('a station', () => {
  it.each([
    { workers: 1, load: 0.7 },
    { workers: 5, load: 0.8 },
    { workers: 20, load: 0.9 },
  ])('serves like M/M/$workers at a load of $load', ({ workers, load }) => {
    const serviceMs = 100
    const perSecond = (load * workers * 1000) / serviceMs
    const waitMs = (erlangC(workers, load * workers) * serviceMs) / (workers * (1 - load))
    const measured = meanTimeMs(
      { workers, serviceMs, distribution: 'exponential' },
      perSecond,
      300_000,
    )
    expect(Math.abs(measured / (waitMs + serviceMs) - 1)).toBeLessThan(0.03)
  })

  it.each(['fixed', 'exponential'] as const)(
    'shares like M/G/1-PS, whatever the distribution (%s)',
    (distribution) => {
      // Contention of 1: all at work share one worker's speed. The mean time is then s / (1 − ρ).
      const options: StationOptions = {
        workers: 1e6,
        serviceMs: 10,
        contention: 1,
        distribution,
        sharing: 'processor',
      }
      const measured = meanTimeMs(options, 70, 200_000)
      expect(Math.abs(measured / (10 / 0.3) - 1)).toBeLessThan(0.03)
    },
  )
})
