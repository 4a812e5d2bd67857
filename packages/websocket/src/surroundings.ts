import type { Release } from '@evenkeel/core'
import type { PlatformSignal } from '@evenkeel/core/network'
import type { Settings } from './settings.ts'

/** Listens to what the app and the platform tell a socket, until released; a signal that has aborted closes at once. */
export function listenAround(
  { signal, signals }: Settings,
  close: () => void,
  tell: (signal: PlatformSignal) => void,
): Release {
  const onAbort = (): void => close()
  const release = signals.listen(tell)
  signal?.addEventListener('abort', onAbort)
  if (signal?.aborted) close()
  return () => {
    release()
    signal?.removeEventListener('abort', onAbort)
  }
}
