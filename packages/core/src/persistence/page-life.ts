import type { Release } from '../cancellation.ts'

/** What a page goes through: it ends, or may end unseen, or is back from the cache of pages. */
export type PagePhase = 'ending' | 'hidden' | 'back'

/** The listening half of `window` and `document`. */
interface PageEvents {
  addEventListener(type: string, listener: (event: unknown) => void): void
  removeEventListener(type: string, listener: (event: unknown) => void): void
}

/** Tells what the page goes through, if there is one. */
export function watchPage(tell: (phase: PagePhase) => void): Release {
  const { document, addEventListener, removeEventListener } = globalThis as unknown as {
    readonly document?: PageEvents & { readonly visibilityState: string }
  } & Partial<PageEvents>
  if (!document || !addEventListener || !removeEventListener) return () => {}
  const onEnd = (): void => tell('ending')
  const onShow = (event: unknown): void => {
    if ((event as { persisted?: boolean }).persisted) tell('back')
  }
  const onVisibility = (): void => {
    // A page of a phone may end without another word.
    if (document.visibilityState === 'hidden') tell('hidden')
  }
  addEventListener('pagehide', onEnd)
  addEventListener('pageshow', onShow)
  document.addEventListener('visibilitychange', onVisibility)
  return () => {
    removeEventListener('pagehide', onEnd)
    removeEventListener('pageshow', onShow)
    document.removeEventListener('visibilitychange', onVisibility)
  }
}
