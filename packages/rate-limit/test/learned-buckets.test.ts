import { run } from '@evenkeel/core'
import { manualClock, seededRandom } from '@evenkeel/core/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { learnedBuckets, rateLimit, slidingWindow } from '../src/index.ts'
import { FixedWindow, server } from './bucket-server.ts'
import { refusal, world } from './world.ts'

const post = 'POST /channels/:id/messages#1'
const patch = 'PATCH /channels/:id/messages/:id#1'

/** A world in which calls end when the test says so. */
function held(options: Parameters<typeof world>[0] = {}) {
  const w = world({ limits: [learnedBuckets()], random: () => 0, ...options })
  const open = new Map<string, { answer: () => void; fail: (error: unknown) => void }>()
  const send = (name: string, route = post) => {
    const call = w.call(
      name,
      () =>
        new Promise<string>((resolve, reject) =>
          open.set(name, { answer: () => resolve(name), fail: reject }),
        ),
      { route },
    )
    call.catch(() => {})
    return call
  }
  const learn = (response: Parameters<typeof w.limit.learn>[1], route = post) =>
    w.limit.learn({ key: w.key, route }, response)
  const started = () => w.starts.map(([, name]) => name)
  /** Answers a call, with what its response says. */
  const answer = async (name: string, response?: Parameters<typeof learn>[0], route?: string) => {
    if (response) learn(response, route)
    open.get(name)?.answer()
    await w.clock.advance(0)
  }
  const fail = async (name: string, error: unknown) => {
    open.get(name)?.fail(error)
    await w.clock.advance(0)
  }
  return { ...w, send, learn, answer, fail, started }
}

describe('an unknown bucket', () => {
  test('lets one call ahead, then as many as it has left', async () => {
    const { send, answer, started, clock } = held()
    for (const name of 'abcdefgh') send(name)
    await clock.advance(1000)
    expect(started()).toEqual(['a'])
    await answer('a', { bucket: 'h', limit: 5, remaining: 4, resetAfterMs: 5000 })
    expect(started()).toEqual(['a', 'b', 'c', 'd', 'e'])
    await clock.advance(5099)
    expect(started()).toHaveLength(5)
    await clock.advance(1)
    // Those still under way are counted against the next window as well.
    expect(started()).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
  })

  test('lets the next call try when the first got no answer', async () => {
    const { send, fail, started, clock } = held()
    send('a')
    send('b')
    send('c')
    await fail('a', new Error('reset'))
    expect(started()).toEqual(['a', 'b'])
    await fail('b', refusalOf('no'))
    expect(started()).toEqual(['a', 'b', 'c'])
    await clock.advance(0)
  })

  test('is none when its answers say nothing', async () => {
    const { send, answer, started } = held()
    for (const name of 'abcd') send(name)
    await answer('a')
    expect(started()).toEqual(['a', 'b', 'c', 'd'])
  })

  test('may still be learned later', async () => {
    const { send, answer, started } = held()
    for (const name of 'abcd') send(name)
    await answer('a')
    await answer('b', { remaining: 2, resetAfterMs: 5000 })
    expect(started()).toHaveLength(4)
    send('e')
    expect(started()).toHaveLength(4)
  })

  test('is no matter for other routes', async () => {
    const { send, started } = held()
    send('a')
    send('b', 'GET /users/:id#2')
    expect(started()).toEqual(['a', 'b'])
  })
})

describe('answers', () => {
  test('that are older neither raise what is left nor shorten the window', async () => {
    const { send, answer, learn, limit, started, clock } = held()
    send('a')
    await answer('a', { bucket: 'h', limit: 5, remaining: 4, resetAfterMs: 5000 })
    send('b')
    send('c')
    await answer('c', { bucket: 'h', limit: 5, remaining: 2, resetAfterMs: 4900 })
    await answer('b', { bucket: 'h', limit: 5, remaining: 3, resetAfterMs: 4000 })
    expect(limit.state('api').buckets).toEqual([
      { bucket: 'h', limit: 5, remaining: 2, inFlight: 0, resetAfterMs: 5100 },
    ])
    learn({ bucket: 'h', limit: 5, remaining: 0, resetAfterMs: 100 })
    send('d')
    await clock.advance(5099)
    expect(started()).not.toContain('d')
    await clock.advance(1)
    expect(started()).toContain('d')
  })

  test('without a limit are asked for again by one call in each window', async () => {
    const { send, answer, started, clock } = held()
    for (const name of 'abcd') send(name)
    await answer('a', { remaining: 1, resetAfterMs: 1000 })
    await answer('b', { remaining: 0, resetAfterMs: 1000 })
    await clock.advance(1100)
    expect(started()).toEqual(['a', 'b', 'c'])
    await answer('c', { remaining: 1, resetAfterMs: 1000 })
    expect(started()).toEqual(['a', 'b', 'c', 'd'])
  })

  test('without a reset let one call find out', async () => {
    const { send, answer, started } = held()
    for (const name of 'abcd') send(name)
    await answer('a', { remaining: 0 })
    expect(started()).toEqual(['a', 'b'])
    await answer('b', { remaining: 2 })
    expect(started()).toEqual(['a', 'b', 'c', 'd'])
  })

  test('of a window that no call survived do not stop the bucket', async () => {
    const { send, answer, fail, started, clock } = held()
    send('a')
    await answer('a', { bucket: 'h', limit: 2, remaining: 1, resetAfterMs: 1000 })
    await clock.advance(2000)
    send('b')
    send('c')
    send('d')
    expect(started()).toEqual(['a', 'b', 'c'])
    await fail('b', new Error('reset'))
    await fail('c', new Error('reset'))
    expect(started()).toEqual(['a', 'b', 'c', 'd'])
  })

  test('that never came leave the place of an unsent call to the next', async () => {
    const { send, answer, fail, started } = held()
    send('a')
    await answer('a', { bucket: 'h', limit: 3, remaining: 2, resetAfterMs: 50_000 })
    send('b')
    send('c')
    send('d')
    expect(started()).toEqual(['a', 'b', 'c'])
    await fail('b', refusalOf('no'))
    expect(started()).toEqual(['a', 'b', 'c', 'd'])
  })
})

describe('a name', () => {
  test('makes one bucket of the routes that have it', async () => {
    const { send, answer, started, events, limit } = held()
    for (const name of ['p1', 'p2', 'p3', 'p4']) send(name, post)
    for (const name of ['q1', 'q2', 'q3', 'q4']) send(name, patch)
    expect(started()).toEqual(['p1', 'q1'])
    await answer('p1', { bucket: 'h', limit: 5, remaining: 4, resetAfterMs: 5000 }, post)
    expect(started()).toEqual(['p1', 'q1', 'p2', 'p3', 'p4'])
    await answer('q1', { bucket: 'h', limit: 5, remaining: 3, resetAfterMs: 5000 }, patch)
    // Four of the five are spent, and q1 may have been the fifth.
    expect(started()).toEqual(['p1', 'q1', 'p2', 'p3', 'p4'])
    expect(limit.state('api').buckets).toHaveLength(1)
    expect(events.filter(({ type }) => type === 'bucketLearned')).toEqual([
      { type: 'bucketLearned', key: 'api', route: post, bucket: 'h', limit: 5 },
      { type: 'bucketLearned', key: 'api', route: patch, bucket: 'h', limit: 5 },
    ])
  })

  test('is not shared by another major parameter', async () => {
    const { send, answer, limit, started } = held()
    const other = 'POST /channels/:id/messages#2'
    send('a')
    await answer('a', { bucket: 'h', limit: 1, remaining: 0, resetAfterMs: 5000 })
    send('b', other)
    await answer('b', { bucket: 'h', limit: 1, remaining: 0, resetAfterMs: 5000 }, other)
    expect(started()).toEqual(['a', 'b'])
    expect(limit.state('api').buckets).toHaveLength(2)
  })

  test('may have its major parameter found by the app', async () => {
    const { send, answer, limit } = held({
      limits: [learnedBuckets({ major: (route) => /\d+/.exec(route)?.[0] ?? '' })],
    })
    for (const [name, route] of [
      ['a', 'GET /c/1'],
      ['b', 'PUT /c/1'],
      ['c', 'GET /c/2'],
    ] as const) {
      send(name, route)
      await answer(name, { bucket: 'h', limit: 9, remaining: 8, resetAfterMs: 5000 }, route)
    }
    expect(limit.state('api').buckets).toHaveLength(2)
  })

  test('may change from answer to answer', async () => {
    const { send, answer, limit, clock } = held()
    send('a')
    await answer('a', { bucket: 'old', limit: 30, remaining: 29, resetAfterMs: 4000 })
    send('b')
    await answer('b', { bucket: 'young', limit: 3, remaining: 2, resetAfterMs: 333 })
    send('c')
    await answer('c', { bucket: 'old', limit: 30, remaining: 27, resetAfterMs: 4000 })
    await clock.advance(10_000)
    expect(limit.state('api').buckets).toEqual([
      { bucket: 'old', limit: 30, remaining: 30, inFlight: 0, resetAfterMs: 0 },
    ])
  })
})

describe('a refusal', () => {
  test('of the bucket holds it alone, then lets one call find out what is left', async () => {
    const { send, answer, fail, learn, started, limit, clock } = held()
    send('a')
    await answer('a', { bucket: 'h', limit: 5, remaining: 4, resetAfterMs: 1000 })
    send('b')
    learn({
      refused: true,
      scope: 'user',
      bucket: 'h',
      limit: 5,
      remaining: 0,
      resetAfterMs: 2000,
      retryAfterMs: 2000,
    })
    await fail('b', refusal(2000))
    for (const name of 'cde') send(name)
    send('free', 'GET /users/:id')
    expect(limit.state('api').cooldownMs).toBe(0)
    expect(started()).toEqual(['a', 'b', 'free'])
    await clock.advance(2100)
    expect(started()).toEqual(['a', 'b', 'free', 'c'])
    await answer('c', { bucket: 'h', limit: 5, remaining: 1, resetAfterMs: 2000 })
    expect(started()).toEqual(['a', 'b', 'free', 'c', 'd'])
  })

  test('of a named bucket may say nothing more than when to come back', async () => {
    const { learn, limit, send, started } = held()
    learn({ refused: true, bucket: 'h', retryAfterMs: 2000 })
    send('a')
    expect(started()).toEqual([])
    expect(limit.state('api')).toMatchObject({ cooldownMs: 0, queued: 1 })
  })

  test.each([
    ['everybody shares', { scope: 'shared', remaining: 9, resetAfterMs: 64_570 }],
    ['is below that of the bucket', { scope: 'user', remaining: 9, resetAfterMs: 100 }],
  ] as const)('of a limit that %s holds the route alone', async (_, response) => {
    const { send, answer, learn, started, limit, clock } = held()
    send('a', post)
    await answer('a', { bucket: 'h', limit: 10, remaining: 9, resetAfterMs: 60_000 }, post)
    send('b', patch)
    await answer('b', { bucket: 'h', limit: 10, remaining: 8, resetAfterMs: 60_000 }, patch)
    learn({ refused: true, bucket: 'h', limit: 10, retryAfterMs: 30_000, ...response }, patch)
    send('c', patch)
    send('d', post)
    expect(started()).toEqual(['a', 'b', 'd'])
    expect(limit.state('api').buckets[0]?.remaining).toBe(7)
    await clock.advance(29_999)
    expect(started()).not.toContain('c')
    await clock.advance(1)
    expect(started()).toContain('c')
  })

  test.each([
    ['was global', { global: true, bucket: 'h', remaining: 0 }],
    ['had the scope global', { scope: 'global' }],
    ['names no bucket', {}],
    ['is not that of the quota', { remaining: 4998 }],
  ] as const)('that %s holds the key', async (_, response) => {
    const { learn, limit } = held()
    learn({ refused: true, retryAfterMs: 3000, ...response })
    expect(limit.state('api').cooldownMs).toBe(3000)
  })

  test('without any hint holds the key for a time of its own', async () => {
    const { learn, limit } = held()
    learn({ refused: true, remaining: 0 })
    expect(limit.state('api').cooldownMs).toBe(1000)
  })

  test('of an IETF quota holds the route', async () => {
    const { learn, limit, send, started } = held()
    learn({ refused: true, remaining: 0, resetAfterMs: 30_000 }, 'r')
    send('a', 'r')
    send('b', 's')
    expect(started()).toEqual(['b'])
    expect(limit.state('api').cooldownMs).toBe(0)
  })

  test('whose wait is too long refuses the calls of its bucket alone', async () => {
    const { learn, send } = held()
    learn({ refused: true, bucket: 'h', remaining: 0, retryAfterMs: 582_000 })
    await expect(send('a')).rejects.toMatchObject({
      code: 'COOLDOWN_TOO_LONG',
      retryAfterMs: 612_000 - 30_000,
    })
  })
})

describe('against a server', () => {
  test('40 sends to a limit of 50/s, 100 ms away, take 0.2 s and draw no 429', async () => {
    const w = server({
      bucketOf: () => 'm#1',
      buckets: { 'm#1': new FixedWindow(50, 1000) },
      limits: [learnedBuckets(), slidingWindow({ limit: 50, windowMs: 1100 })],
    })
    let doneAtMs = Infinity
    const all = Promise.all(Array.from({ length: 40 }, (_, i) => w.send(String(i), post))).then(
      () => {
        doneAtMs = w.clock.now()
      },
    )
    await w.clock.runAll()
    await all
    expect(w.refusals()).toBe(0)
    expect(doneAtMs).toBe(200)
  })

  test('8 sends, an answer, 8 sends stay in order and draw no 429', async () => {
    const w = server({
      bucketOf: () => 'm#1',
      buckets: { 'm#1': new FixedWindow(5, 5000) },
      limits: [learnedBuckets()],
    })
    const names = Array.from({ length: 16 }, (_, i) => String(i))
    const calls = names.slice(0, 8).map((name) => w.send(name, post))
    await w.clock.advance(100)
    calls.push(...names.slice(8).map((name) => w.send(name, post)))
    await w.clock.runAll()
    expect(await Promise.all(calls)).toEqual(names)
    expect(w.sent).toEqual(names)
    expect(w.refusals()).toBe(0)
  })

  test('12 sends to a limit of 5 in 5 s draw no 429', async () => {
    const w = server({
      bucketOf: () => 'm#1',
      buckets: { 'm#1': new FixedWindow(5, 5000) },
      limits: [learnedBuckets()],
    })
    const calls = Array.from({ length: 12 }, (_, i) => w.send(String(i), post))
    await w.clock.runAll()
    await Promise.all(calls)
    expect(w.refusals()).toBe(0)
    expect(w.answers.at(-1)?.atMs).toBeLessThan(11_000)
  })

  test('whatever its limits and its latency: every send is answered, and a route not seen before costs one 429 at most', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          limit: fc.integer({ min: 2, max: 12 }),
          windowMs: fc.integer({ min: 200, max: 5000 }),
          seed: fc.integer(),
          latencyMs: fc.integer({ min: 1, max: 80 }),
          sends: fc.array(
            fc.record({
              route: fc.constantFrom(post, patch),
              afterMs: fc.integer({ max: 400, min: 0 }),
            }),
            { minLength: 1, maxLength: 60 },
          ),
        }),
        async ({ limit, windowMs, seed, latencyMs, sends }) => {
          const random = seededRandom(seed)
          const w = server({
            bucketOf: () => 'm#1',
            buckets: { 'm#1': new FixedWindow(limit, windowMs) },
            limits: [learnedBuckets()],
            latencyMs: () => latencyMs * (0.5 + random()),
          })
          // Nobody may gather more than fit a minute's wait.
          const room = Math.floor((20_000 / (windowMs + 400)) * limit)
          const outcomes: Promise<string>[] = []
          for (const [index, { route, afterMs }] of sends.slice(0, room).entries()) {
            await w.clock.advance(afterMs)
            outcomes.push(w.send(String(index), route))
          }
          await w.clock.runAll()
          await Promise.allSettled(outcomes)
          // The first call of the second route can't know that it takes a place in the same bucket.
          expect(w.refusals()).toBeLessThanOrEqual(1)
          expect(w.answers).toHaveLength(outcomes.length)
          expect(w.clock.pending).toBe(0)
          expect(w.limit.state('api')).toMatchObject({ queued: 0, cooldownMs: 0 })
        },
      ),
      { numRuns: 150, seed: 42 },
    )
  })

  test('ten clients with one credential waste few calls, and all get through', async () => {
    const clock = manualClock()
    const bucket = new FixedWindow(5, 1000)
    let refusals = 0
    let sent = 0
    const all: Promise<unknown>[] = []
    for (let client = 0; client < 10; client++) {
      const limit = rateLimit({
        clock,
        limits: [learnedBuckets()],
        random: seededRandom(client),
        maxWaitMs: 600_000,
      })
      const send = async (): Promise<void> => {
        for (;;) {
          try {
            return await run(
              limit,
              async (context) => {
                await new Promise<void>((resolve) => clock.scheduleAt(clock.now() + 30, resolve))
                sent++
                const isWithin = bucket.take(clock.now())
                const headers = { ...bucket.headers(clock.now()), bucket: 'm' }
                if (isWithin) return limit.learn(context, headers)
                refusals++
                limit.learn(context, {
                  ...headers,
                  refused: true,
                  retryAfterMs: headers.resetAfterMs,
                })
                throw refusal()
              },
              { key: 'api', clock },
            )
          } catch {}
        }
      }
      for (let index = 0; index < 20; index++) all.push(send())
    }
    await clock.runAll()
    await Promise.all(all)
    // @discordjs/rest, in ten processes, sends 2.56.
    expect(sent).toBe(200 + refusals)
    expect(sent / 200).toBeLessThan(2)
  })
})

describe('memory', () => {
  test('holds no more routes than it may, and first forgets those at rest', async () => {
    const { send, answer, limit, clock, started } = held({
      limits: [learnedBuckets({ maxRoutes: 8 })],
    })
    send('busy', 'busy')
    for (let index = 0; index < 100; index++) {
      const name = `r${index}`
      send(name, name)
      await answer(name, { bucket: name, limit: 2, remaining: 0, resetAfterMs: 10 }, name)
      await clock.advance(1000)
      expect(limit.state('api').buckets.length).toBeLessThanOrEqual(8)
    }
    send('late', 'busy')
    expect(started()).not.toContain('late')
  })

  test('forgets the oldest when all are in use', () => {
    const { send, limit, started } = held({ limits: [learnedBuckets({ maxRoutes: 8 })] })
    for (let index = 0; index < 20; index++) send(String(index), String(index))
    expect(limit.state('api').buckets.length).toBeLessThanOrEqual(8)
    expect(started()).toHaveLength(20)
  })

  test('of a key whose buckets still say something outlives its rest', async () => {
    const { send, answer, limit, clock, call } = held({ idleMs: 1000 })
    send('a')
    await answer('a', { bucket: 'h', limit: 5, remaining: 0, resetAfterMs: 50_000 })
    for (let index = 0; index < 3; index++) {
      await clock.advance(1000)
      await call('x', undefined, { key: 'other' })
      await call('y', undefined, { key: `other${index}` })
    }
    expect(limit.state('api').buckets).toHaveLength(1)
  })
})

test.each([
  [{ slackMs: -1 }, 'learnedBuckets: slackMs must be a number ≥ 0, got -1'],
  [{ maxRoutes: 0 }, 'learnedBuckets: maxRoutes must be a number ≥ 1, got 0'],
])('refuses %o at creation', (options, message) => {
  expect(() => learnedBuckets(options)).toThrow(new RangeError(message))
})

function refusalOf(reached: 'no' | 'maybe'): Error {
  return Object.assign(new Error('connect'), {
    [Symbol.for('evenkeel.failure')]: { transient: true, reached },
  })
}
