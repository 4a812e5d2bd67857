import { seededRandom } from '@evenkeel/core/testing'
import { Manager } from 'socket.io-client'
import { describe, expect, it, vi } from 'vitest'
import { fullJitter, socketIo } from '../src/herd/formulas.ts'
import { contendersOf, type HerdContender } from '../src/herd/herd-contenders.ts'
import { type HerdScenario, herdScenarios } from '../src/herd/herd-scenarios.ts'
import { downUntil } from '../src/herd/herd-server.ts'
import { HerdWorld } from '../src/herd/herd-world.ts'
import { onVirtualPlatform } from '../src/herd/on-virtual-platform.ts'
import { simulateHerd } from '../src/herd/simulate-herd.ts'

const [down] = herdScenarios as [HerdScenario]

/** When one client of a library dials, whose server is down for 60 s. */
async function dialsOf(name: string, chance: number): Promise<number[]> {
  const contender = contendersOf(down).find((each) => each.name === name) as HerdContender
  const world = new HerdWorld(downUntil(60_000), 120_000, () => chance)
  await onVirtualPlatform(world, async (settle) =>
    simulateHerd(world, { clients: 1, start: await contender.load(world), settle }),
  )
  expect(world.connected).toBe(1)
  return [...world.dials.entries()].flatMap(([atMs, count]) => (count > 0 ? [atMs] : []))
}

/** When a client dials that waits so long after each loss; a refusal takes 1 ms. */
function dialsAfter(delayMs: (retry: number) => number): number[] {
  const dials: number[] = []
  for (let retry = 0, lostAtMs = 0; (dials.at(-1) ?? 0) < 60_000; retry++) {
    const atMs = Math.ceil(lostAtMs + delayMs(retry))
    dials.push(atMs)
    lostAtMs = atMs + 1
  }
  return dials
}

describe('a library that is run itself', () => {
  it('partysocket waits 3 s, × 1.3, to 10 s', async () => {
    const documented = dialsAfter((retry) => Math.min(10_000, 3000 * 1.3 ** retry))
    expect(await dialsOf('partysocket', 0.5)).toEqual(documented)
  })

  it.each([0, 0.25, 0.75])(
    'reconnecting-websocket waits 1 s and up to 4 s more, × 1.3, to 10 s (%d)',
    async (chance) => {
      const firstMs = 1000 + chance * 4000
      const documented = dialsAfter((retry) => Math.min(10_000, firstMs * 1.3 ** retry))
      expect(await dialsOf('reconnecting-websocket', chance)).toEqual(documented)
    },
  )

  it('phoenix waits by its table, then 5 s', async () => {
    const table = [10, 50, 100, 150, 200, 250, 500, 1000, 2000]
    expect(await dialsOf('phoenix', 0.5)).toEqual(dialsAfter((retry) => table[retry] ?? 5000))
  })
})

describe('a library whose formula is run', () => {
  it('socket.io-client waits what its own Manager says, by the same chance', () => {
    const clients = Array.from({ length: 50 }, (_, seed) => seededRandom(seed))
    const delays = clients.map((random) =>
      Array.from({ length: 8 }, (_, retry) => socketIo(retry, random)),
    )
    const own = clients.map((_, seed) => {
      const random = vi.spyOn(Math, 'random').mockImplementation(seededRandom(seed))
      const { backoff } = new Manager('http://127.0.0.1', { autoConnect: false }) as unknown as {
        backoff: { duration(): number }
      }
      const own = Array.from({ length: 8 }, () => backoff.duration())
      random.mockRestore()
      return own
    })
    expect(delays).toEqual(own)
    // It clamps after its jitter: from the fifth on, everybody waits the same.
    expect(new Set(delays.map((each) => each[4]))).toEqual(new Set([5000]))
  })

  it('full jitter waits up to a second, doubled, to a minute', () => {
    expect([0, 1, 5, 6, 20].map((retry) => fullJitter(retry, () => 0.5))).toEqual([
      500, 1000, 16_000, 30_000, 30_000,
    ])
    expect(fullJitter(9, () => 0)).toBe(0)
  })
})
