import { type Contender, shell } from '@evenkeel/storm-lab'
import { serverPreset } from '../scenario/server-preset.ts'
import { sharedLoad } from '../scenario/shared-scenario.ts'
import type { World } from '../worlds/world.ts'

/** The same apps for the storm lab, whose time is virtual: their code runs as it is. */
export function simulated({ name, description, createApp }: World): Contender {
  const requestTimeoutMs = serverPreset.clientTimeoutMs
  return shell(
    name,
    description,
    ({ fetch, clock }) => {
      const app = createApp({ fetch, clock, timeScale: 1, requestTimeoutMs })
      return async ({ url, method }) => {
        const patience = new AbortController()
        const timer = setTimeout(() => patience.abort(), sharedLoad.patienceMs)
        try {
          return await app({
            url,
            init: { method, headers: {} },
            patience: patience.signal,
            onAttempt() {},
          })
        } finally {
          clearTimeout(timer)
        }
      }
    },
    { usesPlatform: true },
  )
}
