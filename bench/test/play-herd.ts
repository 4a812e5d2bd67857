import { seededRandom } from '@evenkeel/core/testing'
import { downUntil, type HerdServer } from '../src/herd/herd-server.ts'
import { HerdWorld, type StartClient } from '../src/herd/herd-world.ts'
import { simulateHerd } from '../src/herd/simulate-herd.ts'

export interface Play {
  readonly clients: number
  readonly start: StartClient
  readonly server?: HerdServer
  readonly endMs?: number
  readonly random?: () => number
}

/** A herd that has been played, by default through 60 s of refusals and 60 s more. */
export async function play(options: Play): Promise<HerdWorld> {
  const { clients, start, server = downUntil(60_000), endMs = 120_000 } = options
  const world = new HerdWorld(server, endMs, options.random ?? seededRandom(1))
  await simulateHerd(world, { clients, start })
  return world
}
