import type { Release } from '../cancellation.ts'

/** What the platform tells of itself. `woke` is a return from sleep, freeze or the back/forward cache. */
export type PlatformSignal = 'online' | 'offline' | 'visible' | 'hidden' | 'woke'

/** How the network and the page are learned of; give your own where there is no `document`. */
export interface PlatformSignals {
  /** Whether there is a network, as far as is known. */
  isOnline(): boolean
  /** Whether somebody may be looking. */
  isVisible(): boolean
  /** Calls back on each change, until released. */
  listen(listener: (signal: PlatformSignal) => void): Release
}

interface Target {
  addEventListener?: (type: string, listener: () => void) => void
  removeEventListener?: (type: string, listener: () => void) => void
}

interface Page extends Target {
  readonly visibilityState?: string
}

const page = (): Page | undefined => (globalThis as { document?: Page }).document

/** The signals of browsers; elsewhere always online and visible. */
export function browserSignals(): PlatformSignals {
  const isVisible = (): boolean => page()?.visibilityState !== 'hidden'
  return {
    isOnline: () =>
      (globalThis as { navigator?: { onLine?: boolean } }).navigator?.onLine !== false,
    isVisible,
    listen(listener) {
      const tell = (signal: PlatformSignal) => (): void => listener(signal)
      const kinds: [Target | undefined, string, () => void][] = [
        [globalThis as Target, 'online', tell('online')],
        [globalThis as Target, 'offline', tell('offline')],
        [globalThis as Target, 'pageshow', tell('woke')],
        [page(), 'resume', tell('woke')],
        [page(), 'visibilitychange', () => listener(isVisible() ? 'visible' : 'hidden')],
      ]
      for (const [target, type, callback] of kinds) target?.addEventListener?.(type, callback)
      return () => {
        for (const [target, type, callback] of kinds) target?.removeEventListener?.(type, callback)
      }
    },
  }
}
