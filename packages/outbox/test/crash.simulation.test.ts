import { afterAll, describe, expect, it } from 'vitest'
import { type CrashFigures, crashRun, seededPoints, sum } from './crash-run.ts'

/** What no crash, and no number of them, may bring about. */
const never = { lost: 0, doubled: 0, overlaps: 0, outOfOrder: 0, left: 0 }

const from1To = (most: number) => Array.from({ length: most }, (_, index) => index + 1)

describe('1,000 entries in two pages that die at 200 seeded calls of the store', () => {
  // A run without a crash makes about 4,200 calls.
  const points = seededPoints(20_220_125, 200, 4200)
  const runs: CrashFigures[] = []

  afterAll(() => {
    const { calls, crashes, promised, requests, replays, reported, lost, doubled } = sum(runs)
    console.info(
      `${runs.length} runs of 1,000 entries, ${crashes} crashes in ${calls} calls of the store: ` +
        `${promised} promised, ${requests} requests of which ${replays} known by their key, ` +
        `${reported} without a key reported, ${lost} lost, ${doubled} applied twice`,
    )
  })

  for (const tenth of from1To(10))
    it(`none is lost or applied twice: points ${tenth}, ${tenth + 10}, … ${tenth + 190}`, async () => {
      const crashes = new Set(points.filter((_, index) => index % 10 === tenth - 1))
      const run = await crashRun({ seed: tenth, entries: 1000, crashes })
      expect(run).toMatchObject({ ...never, crashes: 20 })
      runs.push(run)
    })
})

describe('two pages', () => {
  it('lose and double none of 1,000 entries though pages die 200 times', async () => {
    const crashes = new Set(seededPoints(7, 200, 4200))
    const run = await crashRun({ seed: 7, entries: 1000, crashes })
    expect(run).toMatchObject({ ...never, crashes: 200 })
    console.info(`1,000 entries, 200 crashes in one run: ${JSON.stringify(run)}`)
  })

  it('lose and double none whichever call of the store is the last of a page', async () => {
    const { calls } = await crashRun({ seed: 3, entries: 12 })
    for (const point of from1To(calls)) {
      const run = await crashRun({ seed: 3, entries: 12, crashes: new Set([point]) })
      expect({ point, ...run }).toMatchObject({ point, ...never, crashes: 1 })
    }
  })

  it('lose and double none whichever call of the store fails', async () => {
    const { calls } = await crashRun({ seed: 4, entries: 12 })
    for (const point of from1To(calls)) {
      const run = await crashRun({ seed: 4, entries: 12, failures: new Set([point]) })
      expect({ point, ...run }).toMatchObject({ point, ...never })
      expect(run.promised + run.refused).toBe(12)
    }
  })

  it('lose and double none though every tenth call fails and pages die', async () => {
    const failures = new Set(from1To(20_000).filter((each) => each % 10 === 0))
    const crashes = new Set(seededPoints(9, 20, 900).filter((each) => each % 10 > 0))
    const run = await crashRun({ seed: 9, entries: 200, crashes, failures })
    expect(run).toMatchObject({ ...never, crashes: crashes.size })
  })

  it('lose and double none without Web Locks, where every entry has a key', async () => {
    for (const seed of from1To(10)) {
      const crashes = new Set(seededPoints(seed, 4, 200))
      const run = await crashRun({ seed, entries: 50, crashes, hasLocks: false })
      expect({ seed, ...run }).toMatchObject({ seed, ...never, crashes: 4 })
    }
  })
})
