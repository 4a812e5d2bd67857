import type { Release } from '@evenkeel/core'
import type { PlatformSignal } from '@evenkeel/core/network'
import type { Settings } from './settings.ts'

interface Listening {
  readonly settings: Settings
  close(): void
  hear(signal: PlatformSignal): void
}

/** Listens to what the app and the platform tell a socket, until released; a signal that has aborted closes at once. */
export function listenAround(socket: Listening): Release {
  const { signal, signals } = socket.settings
  const close = (): void => socket.close()
  const release = signals.listen((each) => socket.hear(each))
  signal?.addEventListener('abort', close)
  if (signal?.aborted) close()
  return () => {
    release()
    signal?.removeEventListener('abort', close)
  }
}
