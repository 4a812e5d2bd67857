import { type Contender, type ReconnectKind, shell, withSockets } from '@evenkeel/storm-lab'
import { serverPreset } from '../scenario/server-preset.ts'
import { sharedLoad } from '../scenario/shared-scenario.ts'
import type { World } from '../worlds/world.ts'

/** The same apps for the storm lab, whose time is virtual: their code runs as it is, and their sockets dial by the same waits. */
export function simulated(
  { name, description, createApp }: World,
  sockets: ReconnectKind,
): Contender {
  const requestTimeoutMs = serverPreset.clientTimeoutMs
  const app = shell(
    name,
    description,
    ({ fetch, clock }) => {
      const call = createApp({ fetch, clock, timeScale: 1, requestTimeoutMs })
      return async ({ url, method }) => {
        const patience = new AbortController()
        const timer = setTimeout(() => patience.abort(), sharedLoad.patienceMs)
        try {
          return await call({
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
  return withSockets(app, sockets)
}
