import type { HerdWorld, StartClient } from './herd-world.ts'

/** What a herd is made of. */
export interface Herd {
  readonly clients: number
  readonly start: StartClient
  /** Lets what promises have made ready run, where clients use any. */
  readonly settle?: () => Promise<void>
}

/** Connects every client, loses all at instant 0, and plays on until all are back or the world ends. */
export async function simulateHerd(world: HerdWorld, herd: Herd): Promise<void> {
  const { clients, start, settle } = herd
  const { time, endMs } = world
  for (let client = 0; client < clients; client++) start(world)
  await settle?.()
  time.at(0, () => {
    if (world.connected < clients)
      throw new Error(`herd: only ${world.connected} of ${clients} clients had connected`)
    world.dropAll()
  })
  while (time.step(endMs)) {
    await settle?.()
    if (time.nowMs > 0 && world.connected === clients) return
  }
}
