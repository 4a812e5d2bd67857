import type { Scenario } from '../scenario/scenario.ts'
import type { World } from '../worlds/world.ts'
import { type Child, forkChild } from './fork-child.ts'
import type { FleetResult, FleetSample, FromFleet, FromServer, ServerSample } from './messages.ts'

/** One world while it runs: its server, its users, and what both have told so far. */
export class WorldRun {
  readonly world: World
  readonly serverSamples: ServerSample[] = []
  readonly fleetSamples: FleetSample[] = []
  readonly #server: Child<FromServer>
  readonly #fleet: Child<FromFleet>

  constructor(world: World) {
    this.world = world
    const script = (path: string) => new URL(path, import.meta.url)
    this.#server = forkChild(script('../server/server-process.ts'), `server of ${world.name}`)
    this.#fleet = forkChild(script('../fleet/fleet-process.ts'), `fleet of ${world.name}`)
    this.#server.onMessage((message) => {
      if (message.type === 'serverSample') this.serverSamples.push(message.sample)
    })
    this.#fleet.onMessage((message) => {
      if (message.type === 'fleetSample') this.fleetSamples.push(message.sample)
    })
  }

  /** Rejects when a process of this world ends unasked. */
  get crashed(): Promise<never> {
    return Promise.race([this.#server.crashed, this.#fleet.crashed])
  }

  async setUp(scenario: Scenario, seed: number): Promise<void> {
    const setup = { type: 'setup', scenario, seed, world: this.world.name } as const
    this.#server.tell(setup)
    const { url } = await this.#server.wait('ready')
    this.#fleet.tell({ ...setup, url })
    await this.#fleet.wait('ready')
  }

  start(epochMs: number): void {
    this.#server.tell({ type: 'start', epochMs })
    this.#fleet.tell({ type: 'start', epochMs })
  }

  async finish(): Promise<FleetResult> {
    const result = this.#fleet.wait('result')
    this.#fleet.tell({ type: 'finish' })
    return (await result).result
  }

  async stop(): Promise<void> {
    await Promise.all([this.#server.stop(), this.#fleet.stop()])
  }
}
