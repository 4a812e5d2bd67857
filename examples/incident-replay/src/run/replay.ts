import { setTimeout as sleep } from 'node:timers/promises'
import type { Scenario } from '../scenario/scenario.ts'
import { Timeline } from '../scenario/timeline.ts'
import type { World } from '../worlds/world.ts'
import type { FleetResult, FleetSample, ServerSample } from './messages.ts'
import { WorldRun } from './world-run.ts'

export interface ReplayOptions {
  readonly scenario: Scenario
  readonly seed: number
  readonly worlds: readonly World[]
  /** Called a few times a second with the instant of the scenario. */
  readonly onProgress?: ((atMs: number, runs: readonly WorldRun[]) => void) | undefined
}

/** Everything that one world's processes have told. */
export interface WorldResult extends FleetResult {
  readonly world: World
  readonly serverSamples: readonly ServerSample[]
  readonly fleetSamples: readonly FleetSample[]
}

const progressEveryMs = 250
/** From the word to the start, so that every process has heard it. */
const headStartMs = 300

/**
 * Runs the scenario in every world at once, each with its own server and its own users.
 *
 * @throws Error when a process ends early.
 */
export async function replay(options: ReplayOptions): Promise<readonly WorldResult[]> {
  const { scenario, seed, worlds, onProgress } = options
  const { endMs } = new Timeline(scenario.phases)
  const runs = worlds.map((world) => new WorldRun(world))
  try {
    await Promise.all(runs.map((run) => run.setUp(scenario, seed)))
    const epochMs = Date.now() + headStartMs
    for (const run of runs) run.start(epochMs)
    const crashed = Promise.race(runs.map((run) => run.crashed))
    for (;;) {
      await Promise.race([sleep(progressEveryMs), crashed])
      const atMs = (Date.now() - epochMs) * scenario.scale.time
      if (atMs >= endMs) break
      onProgress?.(Math.max(0, atMs), runs)
    }
    return await Promise.all(
      runs.map(async (run) => {
        const result = await run.finish()
        const { world, serverSamples, fleetSamples } = run
        return { world, serverSamples, fleetSamples, ...result }
      }),
    )
  } finally {
    await Promise.all(runs.map((run) => run.stop()))
  }
}
