import { type Clock, type Random, sleep } from '@evenkeel/core'
import { memoryStore, type PagePhase, type StateStore } from '@evenkeel/core/persistence'
import { type ManualClock, manualClock, seededRandom } from '@evenkeel/core/testing'
import { createFetch } from '../src/index.ts'
import { sharedFetch } from '../src/shared-state.ts'

/** How the server fails while it is down. */
export type Outage =
  | 'answers 503'
  | 'answers 503, Retry-After: 5'
  | 'drops the connection'
  | 'hangs'

/** How the clients call it. */
type Client = 'sharedFetch' | 'createFetch'

const outageMs = 60_000
const everyMs = 5000
const origin = 'https://chat.example.com'

/** A clock that stops with its page. */
function pageClock(clock: ManualClock): Clock & { end(): void } {
  const timers = new Set<{ cancel(): void }>()
  let hasEnded = false
  return {
    now: clock.now,
    wallNow: clock.wallNow,
    scheduleAt(atMs, callback) {
      const timer = hasEnded ? { cancel() {} } : clock.scheduleAt(atMs, callback)
      timers.add(timer)
      return timer
    },
    end() {
      hasEnded = true
      for (const timer of timers) timer.cancel()
    },
  }
}

/** The server, which counts what reaches it. */
class Server {
  requests = 0
  readonly #clock: ManualClock
  readonly #outage: Outage

  constructor(clock: ManualClock, outage: Outage) {
    this.#clock = clock
    this.#outage = outage
  }

  /** What a page has for fetch: its answers end with it. */
  fetchOf(clock: Clock): typeof globalThis.fetch {
    return async (_input, { signal } = {}) => {
      this.requests++
      const isDown = this.#clock.now() < outageMs
      const takesMs = isDown && this.#outage === 'hangs' ? 1e9 : 50
      await sleep(takesMs, signal ?? undefined, clock)
      if (!isDown) return new Response('{}')
      if (this.#outage === 'drops the connection') throw new TypeError('Failed to fetch')
      const headers = this.#outage.includes('Retry-After') ? { 'retry-after': '5' } : undefined
      return new Response('down', { status: 503, headers: headers ?? {} })
    }
  }
}

/** A page of the app: loads its parts, then asks for news every five seconds. Gives how to end it. */
function openPage(
  clock: ManualClock,
  server: Server,
  client: Client,
  store: StateStore,
  random: Random,
  calls: number,
  onShown: () => void,
): () => void {
  const own = pageClock(clock)
  const options = { fetch: server.fetchOf(own), clock: own, random }
  let tell: (phase: PagePhase) => void = () => {}
  const page = (told: typeof tell) => {
    tell = told
    return () => {}
  }
  const fetch =
    client === 'createFetch'
      ? createFetch(options)
      : sharedFetch(options, { store, channel: false, locks: false, page })
  const load = async (path: string): Promise<void> => {
    const response = await fetch(`${origin}${path}`).catch(() => undefined)
    if (response?.ok) onShown()
  }
  void (async () => {
    await Promise.all(Array.from({ length: calls }, (_, call) => load(`/part/${call}`)))
    for (;;) {
      await sleep(everyMs, undefined, own)
      await load('/messages')
    }
  })()
  return () => {
    tell('ending')
    own.end()
  }
}

/** What users cost the server in a minute's outage, and when the last of them has something to see again. */
export async function run(
  client: Client,
  outage: Outage,
  reloads: boolean,
  users = 100,
  calls = 3,
): Promise<{ readonly requestsPerUser: number; readonly backAfterMs: number }> {
  const clock = manualClock()
  const seeds = seededRandom(7)
  const server = new Server(clock, outage)
  let backAtMs = 0
  for (let user = 0; user < users; user++) {
    const store = memoryStore()
    const random = seededRandom(seeds() * 2 ** 32)
    let isShown = false
    let end = (): void => {}
    const open = (): void => {
      end()
      end = openPage(clock, server, client, store, random, calls, () => {
        if (!isShown) backAtMs = clock.now()
        isShown = true
      })
      if (reloads) clock.scheduleAt(clock.now() + everyMs, () => isShown || open())
    }
    clock.scheduleAt(random() * everyMs, open)
  }
  await clock.advance(outageMs)
  const requestsPerUser = server.requests / users
  await clock.advance(2 * outageMs)
  return { requestsPerUser, backAfterMs: backAtMs - outageMs }
}
