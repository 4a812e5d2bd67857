import type { OutboxSignals } from './signals.ts'

interface Target {
  addEventListener?: (type: string, listener: () => void) => void
  removeEventListener?: (type: string, listener: () => void) => void
}

/** The signals of browsers; elsewhere always online. */
export function pageSignals(): OutboxSignals {
  return {
    isOnline: () => globalThis.navigator?.onLine !== false,
    listen(listener) {
      const page = globalThis.document as (Target & { visibilityState?: string }) | undefined
      const see = (): void => listener(page?.visibilityState === 'hidden' ? 'hidden' : 'visible')
      const kinds: [Target | undefined, string, () => void][] = [
        [globalThis as Target, 'online', () => listener('online')],
        [globalThis as Target, 'offline', () => listener('offline')],
        [globalThis as Target, 'pageshow', () => listener('woke')],
        [page, 'visibilitychange', see],
      ]
      for (const [target, type, callback] of kinds) target?.addEventListener?.(type, callback)
      return () => {
        for (const [target, type, callback] of kinds) target?.removeEventListener?.(type, callback)
      }
    },
  }
}
