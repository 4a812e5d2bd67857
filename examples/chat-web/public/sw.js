// Keeps the page itself at hand, so that it can be loaded where there is no network: the network first, then what it said
// the last time. What goes to the API is another origin's, and is left alone.
const shell = 'evenkeel-chat'

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method === 'GET' && new URL(request.url).origin === self.location.origin)
    event.respondWith(networkFirst(request))
})

async function networkFirst(request) {
  const cache = await caches.open(shell)
  try {
    const response = await fetch(request)
    if (response.ok) await cache.put(request, response.clone())
    return response
  } catch (error) {
    // A script that is asked for with an Origin is the same as without.
    const kept = await cache.match(request, { ignoreVary: true })
    if (kept) return kept
    throw error
  }
}
