import { seededRandom } from '@evenkeel/core/testing'
import { resilientSocket } from '@evenkeel/websocket'
import { describe, expect, it } from 'vitest'
import { backoffClient } from '../src/herd/backoff-client.ts'
import { evenkeelCore } from '../src/herd/evenkeel-core.ts'
import { herdFigures } from '../src/herd/herd-figures.ts'
import { type HerdScenario, herdScenarios } from '../src/herd/herd-scenarios.ts'
import { deepQueue, downUntil, type HerdServer } from '../src/herd/herd-server.ts'
import { HerdWorld, type StartClient } from '../src/herd/herd-world.ts'
import { onVirtualPlatform } from '../src/herd/on-virtual-platform.ts'
import { simulateHerd } from '../src/herd/simulate-herd.ts'
import { virtualWebSocket } from '../src/herd/virtual-web-socket.ts'

interface Play {
  readonly clients: number
  readonly start: StartClient
  readonly server?: HerdServer
  readonly endMs?: number
  readonly random?: () => number
}

/** A herd that has been played, by default through 60 s of refusals and 60 s more. */
async function play(options: Play): Promise<HerdWorld> {
  const { clients, start, server = downUntil(60_000), endMs = 120_000 } = options
  const world = new HerdWorld(server, endMs, options.random ?? seededRandom(1))
  await simulateHerd(world, { clients, start })
  return world
}

/** The instants of all dials. */
function dialsOf({ dials }: HerdWorld): number[] {
  return [...dials].flatMap((count, atMs) => new Array<number>(count).fill(atMs))
}

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

describe('evenkeel’s core', () => {
  const scenario = (name: string): HerdScenario =>
    herdScenarios.find((each) => each.name === name) as HerdScenario

  /** What `npm run bench -- --only herd` prints of one contender. */
  async function figures({ server, clients, endMs, upAtMs }: HerdScenario, start: StartClient) {
    const world = await play({ clients, start, server: server(), endMs })
    return herdFigures(world, clients, upAtMs)
  }

  it('never makes more than 2,500 dials a second of 10,000 clients whose server is down for 60 s, and has all back within 60 s', async () => {
    const { peakPerSecond, allBackMs } = await figures(scenario('down-10000'), evenkeelCore())
    expect(peakPerSecond).toBeLessThanOrEqual(2500)
    expect(allBackMs).toBeLessThanOrEqual(60_000)
  })

  it('brings 50,000 clients back through a queue of 500 a second within 600 s', async () => {
    const { allBackMs } = await figures(scenario('deep-queue'), evenkeelCore())
    expect(allBackMs).toBeLessThanOrEqual(600_000)
  })

  it('does so within 115 s when told how wide to spread, each by its first dial', async () => {
    const { hintMs: windowMs, ...rest } = scenario('deep-queue')
    const { allBackMs, dials } = await figures(rest, evenkeelCore({ windowMs }))
    expect(allBackMs).toBeLessThanOrEqual(115_000)
    expect(dials).toBe(50_000)
  })

  it.each([
    ['refused', () => downUntil(60_000)],
    ['kept waiting', () => deepQueue(5, 10_000)],
  ])('does what a socket without options does, when %s', async (_, server) => {
    const herd = { clients: 200, endMs: 600_000 }
    const socket: StartClient = (world) => {
      const { time, random } = world
      resilientSocket('ws://127.0.0.1/', {
        WebSocket: virtualWebSocket(world) as never,
        random,
        clock: {
          now: () => time.nowMs,
          wallNow: () => time.nowMs,
          scheduleAt(atMs, callback) {
            const timer = { callback: callback as (() => void) | undefined }
            time.at(atMs, () => timer.callback?.())
            return {
              cancel() {
                timer.callback = undefined
              },
            }
          },
        },
      })
    }
    const world = new HerdWorld(server(), herd.endMs, seededRandom(1))
    await onVirtualPlatform(world, (settle) =>
      simulateHerd(world, { clients: herd.clients, start: socket, settle }),
    )
    const byCore = await play({ ...herd, start: evenkeelCore(), server: server() })
    expect(world.connected).toBe(200)
    expect(dialsOf(world)).toEqual(dialsOf(byCore))
  })
})
