import { manualClock, seededRandom } from '@evenkeel/core/testing'
import { constant, costWeightedBudget } from '@evenkeel/retry'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createFetch, type FetchEvent } from '../src/index.ts'
import { failure, limited, url, world } from './world.ts'

const answer = (status: number): Response => new Response(`${status}`, { status })

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describe('the wall clock', () => {
  it('may jump by hours: waits and limits go by real time', async () => {
    for (const jumpMs of [3 * 3_600_000, -3 * 3_600_000, 10 * 365 * 86_400_000]) {
      const { fetch, sent, clock } = world([limited(503, { 'retry-after': '5' }), 'never'], {
        attemptTimeoutMs: 1000,
        retry: { maxRetries: 1 },
      })
      const error = failure(fetch(url))
      await clock.advance(100)
      clock.setWall(clock.wallNow() + jumpMs)
      await clock.advance(4800)
      expect(sent).toHaveLength(1)
      await clock.runAll()
      expect((await error).code).toBe('TIMEOUT')
      expect(sent).toHaveLength(2)
      expect(clock.now()).toBe((sent[1]?.atMs as number) + 1000)
      expect(sent[1]?.atMs).toBeLessThan(16_000)
    }
  })

  it('that shows nonsense holds nobody up', async () => {
    vi.spyOn(Date, 'now').mockReturnValue(Number.NaN)
    const send = vi.fn(async () => answer(send.mock.calls.length < 3 ? 503 : 200))
    const fetch = createFetch({
      fetch: send,
      retry: { backoff: constant(1, { jitterRatio: 0 }) },
    })
    expect((await fetch(url)).status).toBe(200)
    expect(send).toHaveBeenCalledTimes(3)
  })
})

describe('a process that was frozen', () => {
  /** A clock whose timers do not run for a while, as under a lid that was closed. */
  function frozenFor(byMs: number) {
    const inner = manualClock()
    let leptMs = 0
    return {
      clock: {
        now: () => inner.now() + leptMs,
        wallNow: () => inner.wallNow() + leptMs,
        scheduleAt: (atMs: number, callback: () => void) =>
          inner.scheduleAt(atMs - leptMs, callback),
      },
      inner,
      freeze: () => {
        leptMs += byMs
      },
    }
  }

  it('for three hours sends none of the calls whose time is over, and they say so', async () => {
    const { clock, inner, freeze } = frozenFor(3 * 3_600_000)
    const sent: number[] = []
    const fetch = createFetch({
      clock,
      random: seededRandom(1),
      fetch: async () => {
        sent.push(clock.now())
        return limited(429, { 'retry-after': '5' })
      },
    })
    await fetch(url, { method: 'POST' })
    const calls = Array.from({ length: 100 }, () =>
      fetch(url).then(
        ({ status }) => `${status}`,
        ({ code }) => code as string,
      ),
    )
    await inner.advance(1000)
    freeze()
    await inner.runAll()
    const codes = await Promise.all(calls)
    expect(new Set(codes)).toEqual(new Set(['DEADLINE_EXCEEDED']))
    expect(sent).toHaveLength(1)
    expect(inner.pending).toBe(0)
    expect((await fetch(url, { method: 'POST' })).status).toBe(429)
  })

  it('in a wait between attempts does not try again after the deadline', async () => {
    const { clock, inner, freeze } = frozenFor(3 * 3_600_000)
    let sent = 0
    const fetch = createFetch({
      clock,
      fetch: async () => {
        sent++
        return answer(503)
      },
    })
    const error = failure(fetch(url))
    await inner.advance(0)
    freeze()
    await inner.runAll()
    expect((await error).code).toMatch(/^(DEADLINE_EXCEEDED|COOLDOWN_TOO_LONG)$/)
    expect(sent).toBe(1)
    expect(inner.pending).toBe(0)
  })
})

describe('fake timers of an app’s tests', () => {
  it('move the waits of a fetch made before or after them', async () => {
    const make = (): { fetch: typeof globalThis.fetch; send: ReturnType<typeof vi.fn> } => {
      const send = vi.fn(async () => answer(send.mock.calls.length < 2 ? 503 : 200))
      return { fetch: createFetch({ fetch: send as never }), send }
    }
    const before = make()
    vi.useFakeTimers()
    const after = make()
    for (const { fetch, send } of [before, after]) {
      const outcome = fetch(url)
      await vi.advanceTimersByTimeAsync(5000)
      expect((await outcome).status).toBe(200)
      expect(send).toHaveBeenCalledTimes(2)
    }
    vi.useRealTimers()
    const { fetch } = make()
    expect((await fetch(url, { method: 'POST' })).status).toBe(503)
  })

  it('end attempts that hang', async () => {
    vi.useFakeTimers()
    const fetch = createFetch({
      attemptTimeoutMs: 1000,
      retry: false,
      fetch: () => new Promise(() => {}),
    })
    const error = failure(fetch(url))
    await vi.advanceTimersByTimeAsync(1000)
    expect((await error).code).toBe('TIMEOUT')
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('deadlines', () => {
  it('end a call now, not at the deadline, when the server asks for longer', async () => {
    const { fetch, sent, clock } = world([limited(503, { 'retry-after': '60' })], {
      totalTimeoutMs: 10_000,
    })
    const error = failure(fetch(url))
    await clock.advance(0)
    expect(await error).toMatchObject({ code: 'DEADLINE_EXCEEDED', cause: { status: 503 } })
    expect(clock.now()).toBe(0)
    expect(sent).toHaveLength(1)
  })

  it('cut the last attempt off, and say that nobody knows how far it came', async () => {
    const { fetch, clock } = world(['never'], { totalTimeoutMs: 500 })
    const error = failure(fetch(url))
    await clock.runAll()
    expect(await error).toMatchObject({ code: 'DEADLINE_EXCEEDED', reached: 'maybe' })
    expect(clock.now()).toBe(500)
  })
})

describe('a fleet', () => {
  it('of 60 that get a 503 at once comes back spread over at least the mean of the waits', async () => {
    const waits: number[] = []
    for (let client = 0; client < 60; client++) {
      const { fetch, sent, clock } = world([503, 200], { random: seededRandom(client * 7919 + 1) })
      const outcome = fetch(url)
      await clock.runAll()
      await outcome
      waits.push(sent[1]?.atMs as number)
    }
    const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThanOrEqual(mean)
    const slots = new Map<number, number>()
    for (const wait of waits) {
      const slot = Math.floor(wait / 100)
      slots.set(slot, (slots.get(slot) ?? 0) + 1)
    }
    expect(Math.max(...slots.values()) / 60).toBeLessThanOrEqual(0.3)
  })

  it('that obeys one common reset never comes early, and is spread after it', async () => {
    const waits: number[] = []
    for (let client = 0; client < 60; client++) {
      const { fetch, sent, clock } = world([limited(429, { 'retry-after': '10' }), 200], {
        random: seededRandom(client * 104_729 + 3),
      })
      const outcome = fetch(url)
      await clock.runAll()
      await outcome
      waits.push(sent[1]?.atMs as number)
    }
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(10_000)
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThanOrEqual(2500)
  })
})

describe('a server that is down for ever', () => {
  /** How many requests a hundred calls, one every 100 ms, come to. */
  async function requestsOf(fetchOf: () => ReturnType<typeof world>): Promise<number> {
    const { fetch, sent, clock } = fetchOf()
    const calls: Promise<unknown>[] = []
    for (let call = 0; call < 100; call++) {
      calls.push(fetch(url).catch(() => {}))
      await clock.advance(100)
    }
    await clock.runAll()
    await Promise.all(calls)
    expect(clock.pending).toBe(0)
    return sent.length
  }

  it('gets 1.4 requests a call by the budget alone, and less than half of one with the breaker', async () => {
    expect(await requestsOf(() => world([503], { circuitBreaker: false }))).toBeLessThanOrEqual(145)
    expect(await requestsOf(() => world([503]))).toBeLessThanOrEqual(50)
  })

  it('gets three probes when a hundred wait for the breaker to be half-open', async () => {
    const { fetch, sent, clock } = world([...Array(8).fill(500), 'never', 'never', 'never'])
    for (let call = 0; call < 8; call++) await fetch(url, { method: 'POST' })
    expect(fetch.policies.circuitBreaker?.state('https://api.example.com')).toBe('open')
    await clock.advance(600_000)
    expect(fetch.policies.circuitBreaker?.state('https://api.example.com')).toBe('half-open')
    const codes = Array.from({ length: 100 }, () =>
      fetch(url, { method: 'POST' }).then(
        ({ status }) => status,
        ({ code }) => code,
      ),
    )
    await clock.advance(0)
    expect(sent).toHaveLength(11)
    await clock.runAll()
    const ended = await Promise.all(codes)
    expect(ended.filter((code) => code === 'CIRCUIT_OPEN')).toHaveLength(97)
  })
})

describe('several that retry', () => {
  it('spend one budget when they share it', async () => {
    const clock = manualClock()
    const random = seededRandom(1)
    const budget = costWeightedBudget({ clock, random })
    let sent = 0
    const make = () =>
      createFetch({
        clock,
        random,
        circuitBreaker: false,
        retry: { budget },
        fetch: async () => {
          sent++
          return answer(503)
        },
      })
    const [one, two] = [make(), make()]
    for (let call = 0; call < 10; call++)
      for (const fetch of [one, two]) {
        const outcome = fetch(url).catch(() => {})
        await clock.runAll()
        await outcome
      }
    // Twenty calls, the four that one banked token pays, and what twenty calls earn: eight at most.
    expect(sent).toBeLessThanOrEqual(32)
    expect(sent).toBeGreaterThan(20)
  })

  it('one inside the other: the inner one told not to, the attempt is on the wire', async () => {
    const clock = manualClock()
    const attempts: (string | null)[] = []
    const inner = createFetch({
      clock,
      retry: false,
      fetch: async (_, init) => {
        attempts.push(new Headers(init?.headers).get('x-attempt'))
        return answer(503)
      },
    })
    const outer = createFetch({
      clock,
      fetch: inner,
      attemptHeader: 'x-attempt',
      retry: { budget: false },
    })
    const outcome = outer(url)
    await clock.runAll()
    expect((await outcome).status).toBe(503)
    expect(attempts).toEqual([null, '2', '3', '4'])
    expect(clock.pending).toBe(0)
  })

  it('three layers deep by default are held by their budgets, far below 4 × 4 × 4', async () => {
    const clock = manualClock()
    let sent = 0
    let fetch = createFetch({
      clock,
      fetch: async () => {
        sent++
        return answer(503)
      },
    })
    for (let layer = 0; layer < 2; layer++) fetch = createFetch({ clock, fetch })
    for (let call = 0; call < 20; call++) {
      const outcome = fetch(url).catch(() => {})
      await clock.runAll()
      await outcome
    }
    expect(sent).toBeLessThanOrEqual(60)
  })
})

describe('listeners', () => {
  it('that are async and reject, or never settle, harm neither call nor process', async () => {
    const unhandled: unknown[] = []
    const note = (error: unknown): unknown => unhandled.push(error)
    process.on('unhandledRejection', note)
    const reported = vi.spyOn(console, 'error').mockImplementation(() => {})
    const seen: FetchEvent[] = []
    const { fetch, clock } = world([503, 200], {
      onEvent: async (event) => {
        seen.push(event)
        if (seen.length % 2) throw new Error('an async listener with a bug')
        await new Promise(() => {})
      },
    })
    const outcome = fetch(url)
    await clock.runAll()
    expect((await outcome).status).toBe(200)
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
    expect(reported).toHaveBeenCalledTimes(3)
    expect(seen).toHaveLength(5)
  })
})
