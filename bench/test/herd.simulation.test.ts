import { seededRandom } from '@evenkeel/core/testing'
import { resilientSocket } from '@evenkeel/websocket'
import { describe, expect, it } from 'vitest'
import { evenkeelCore } from '../src/herd/evenkeel-core.ts'
import { herdFigures } from '../src/herd/herd-figures.ts'
import { type HerdScenario, herdScenarios } from '../src/herd/herd-scenarios.ts'
import { deepQueue, downUntil } from '../src/herd/herd-server.ts'
import { HerdWorld, type StartClient } from '../src/herd/herd-world.ts'
import { onVirtualPlatform } from '../src/herd/on-virtual-platform.ts'
import { simulateHerd } from '../src/herd/simulate-herd.ts'
import { virtualWebSocket } from '../src/herd/virtual-web-socket.ts'
import { play } from './play-herd.ts'

/** The instants of all dials. */
function dialsOf({ dials }: HerdWorld): number[] {
  return [...dials].flatMap((count, atMs) => new Array<number>(count).fill(atMs))
}

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
