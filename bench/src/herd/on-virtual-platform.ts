import { setImmediate as turn } from 'node:timers/promises'
import type { HerdWorld } from './herd-world.ts'

/** A timer that is cancelled holds nothing, as there are millions. */
interface VirtualTimer {
  callback: (() => void) | undefined
}

/**
 * Plays with the platform's timers and chance replaced by those of a world, for code that takes
 * neither by option; `settle` lets promises run in between.
 */
export async function onVirtualPlatform<T>(
  { time, random }: HerdWorld,
  play: (settle: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const { setTimeout, clearTimeout } = globalThis
  const { random: chance } = Math
  const virtual = {
    setTimeout(callback: () => void, delayMs = 0): VirtualTimer {
      const timer: VirtualTimer = { callback }
      time.at(time.nowMs + Math.max(1, delayMs), () => timer.callback?.())
      return timer
    },
    clearTimeout(timer: VirtualTimer | null | undefined) {
      if (timer) timer.callback = undefined
    },
  }
  Object.assign(globalThis, virtual)
  Math.random = random
  try {
    return await play(turn)
  } finally {
    Object.assign(globalThis, { setTimeout, clearTimeout })
    Math.random = chance
  }
}
