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

type Listen = (type: string, listener: (event: { readonly type: string }) => void) => void

interface Target {
  readonly addEventListener?: Listen
  readonly removeEventListener?: Listen
}

interface Page extends Target {
  readonly visibilityState?: string
}

const page = (): Page | undefined => (globalThis as { document?: Page }).document

const isOnline = (): boolean =>
  (globalThis as { navigator?: { onLine?: boolean } }).navigator?.onLine !== false

const isVisible = (): boolean => page()?.visibilityState !== 'hidden'

function listen(listener: (signal: PlatformSignal) => void): Release {
  const hear = ({ type }: { readonly type: string }): void => {
    if (type === 'online' || type === 'offline') listener(type)
    else if (type === 'visibilitychange') listener(isVisible() ? 'visible' : 'hidden')
    else listener('woke')
  }
  const each = (does: keyof Target): void => {
    for (const type of ['online', 'offline', 'pageshow']) (globalThis as Target)[does]?.(type, hear)
    for (const type of ['resume', 'visibilitychange']) page()?.[does]?.(type, hear)
  }
  each('addEventListener')
  return () => each('removeEventListener')
}

/** The signals of browsers; elsewhere always online and visible. */
export function browserSignals(): PlatformSignals {
  return { isOnline, isVisible, listen }
}
