import { evenkeel } from './evenkeel.ts'
import { fixedDelay } from './fixed-delay.ts'
import { pRetry } from './p-retry.ts'
import type { World, WorldName } from './world.ts'

/** The worlds in the order in which they are shown. */
export const worlds: readonly World[] = [fixedDelay, pRetry, evenkeel]

/** Gives a world by its name. */
export function worldNamed(name: WorldName): World {
  return worlds.find((world) => world.name === name) as World
}
