import { onAbort, reasonOf } from '@evenkeel/core'
import type { Listenable } from './listenable.ts'

/** Waits for the first of some events; rejects at once with the signal's reason when that aborts. */
export function firstOf<Events, K extends keyof Events>(
  source: Listenable<Events>,
  types: readonly K[],
  signal: AbortSignal | undefined,
): Promise<K> {
  if (signal?.aborted) return Promise.reject(reasonOf(signal))
  return new Promise((resolve, reject) => {
    const listeners = types.map((type) => {
      const listener = (): void => {
        stop()
        resolve(type)
      }
      source.on(type, listener)
      return () => source.off(type, listener)
    })
    const release = onAbort(signal, (reason) => {
      stop()
      reject(reason)
    })
    const stop = (): void => {
      for (const off of listeners) off()
      release()
    }
  })
}
