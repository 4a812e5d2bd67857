import { describe, expect, it } from 'vitest'
import { backoffClient } from '../src/herd/backoff-client.ts'
import { herdFigures } from '../src/herd/herd-figures.ts'
import { deepQueue, downUntil } from '../src/herd/herd-server.ts'
import type { StartClient } from '../src/herd/herd-world.ts'
import { type Play, play } from './play-herd.ts'

const waits = (delayMs: number): StartClient => backoffClient(() => () => delayMs)

/** 1,024 clients of which one dials every 10 ms. */
const everyTenMs: Play = {
  clients: 1024,
  start: backoffClient(
    ({ random }) =>
      () =>
        random() * 10_240,
  ),
  get random() {
    let next = 0
    return () => next++ / 1024
  },
}

describe('a herd with a known formula', () => {
  it('that is fixed dials as one, and is back at the first dial after the outage', async () => {
    // A refusal takes 1 ms: each dials every 1,000 ms, first after 999.
    const world = await play({ clients: 100, start: waits(999) })
    expect(herdFigures(world, 100, 60_000)).toMatchObject({
      dials: 6100,
      dialsWhileDown: 6000,
      peakPerSecond: 100,
      halfBackMs: 1000,
      allBackMs: 1000,
      back: 1,
    })
  })

  it('that spreads evenly over 10.24 s has as many dials in any second as in any other', async () => {
    const world = await play({ ...everyTenMs, server: downUntil(0) })
    const { dialsPerSecond, ...figures } = herdFigures(world, 1024, 0)
    expect(figures).toMatchObject({
      dials: 1024,
      peakPerSecond: 100,
      halfBackMs: 5111,
      mostBackMs: 9721,
      allBackMs: 10_231,
    })
    expect(dialsPerSecond.slice(0, 12)).toEqual([...new Array<number>(10).fill(100), 24, 0])
  })

  it('that never dials again is never back', async () => {
    const world = await play({ clients: 10, start: waits(Infinity) })
    expect(herdFigures(world, 10, 60_000)).toMatchObject({ dials: 0, back: 0 })
    expect(herdFigures(world, 10, 60_000).halfBackMs).toBeUndefined()
  })
})

describe('a deep queue', () => {
  it('serves so many a second when they come no faster', async () => {
    const world = await play({ ...everyTenMs, server: deepQueue(100, 5000) })
    expect(herdFigures(world, 1024, 0)).toMatchObject({ dials: 1024, allBackMs: 10_240 })
  })

  it('serves as many as fit into the patience of those who come at once, and then nobody', async () => {
    const world = await play({
      clients: 1000,
      start: waits(0),
      server: deepQueue(100, 5000),
      endMs: 60_000,
    })
    expect(herdFigures(world, 1000, 0)).toMatchObject({ back: 0.5 })
  })
})
