/** As in `public/sw.js`. */
const shell = 'evenkeel-chat'

/** Keeps this page for a time without a network: what it was loaded from, and what it will be. */
export async function keepAppShell(): Promise<void> {
  const { serviceWorker } = navigator
  if (!serviceWorker) return
  await serviceWorker.register('/sw.js')
  // What came before the worker was there, it has not seen.
  const loaded = performance
    .getEntriesByType('resource')
    .map(({ name }) => name)
    .filter((url) => new URL(url).origin === location.origin)
  const cache = await caches.open(shell)
  await cache.addAll([...new Set([location.href.replace(/#.*/, ''), ...loaded])])
}
