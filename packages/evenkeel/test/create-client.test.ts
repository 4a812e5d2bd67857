import { manualClock, seededRandom } from '@evenkeel/core/testing'
import { createFetch } from '@evenkeel/fetch'
import { isStale, staleIfError } from '@evenkeel/fetch/stale-if-error'
import { fleetHint } from '@evenkeel/rate-limit/fleet-hint'
import { steering } from '@evenkeel/rate-limit/steering'
import { describe, expect, it } from 'vitest'
import { type ClientOptions, createClient, errorCode } from '../src/index.ts'
import { world } from './world.ts'

describe('a client', () => {
  it('takes addresses relative to its API', async () => {
    const { client, asked } = world()
    await client.fetch('things?q=1')
    await client.fetch('/root')
    await client.fetch('https://other.example.com/x')
    await client.fetch(new URL('https://api.example.com/url'))
    expect(asked).toEqual([
      'https://api.example.com/v1/things?q=1',
      'https://api.example.com/root',
      'https://other.example.com/x',
      'https://api.example.com/url',
    ])
  })

  it('sends identical reads in flight once, and each where it is told to', async () => {
    const { client, asked } = world()
    await Promise.all([client.fetch('me'), client.fetch('me')])
    expect(asked).toHaveLength(1)
    const { client: plain, asked: each } = world(undefined, { singleFlight: false })
    await Promise.all([plain.fetch('me'), plain.fetch('me')])
    expect(each).toHaveLength(2)
  })

  it('leaves retries to a fetch around it', async () => {
    const { client, clock, asked } = world(() => ({ status: 503 }))
    const outer = createFetch({
      clock,
      random: seededRandom(1),
      fetch: client.fetch as typeof fetch,
      retry: { maxRetries: 2, budget: false },
    })
    const call = outer('https://api.example.com/down')
    await clock.runAll()
    expect((await call).status).toBe(503)
    expect(asked).toHaveLength(3)
  })

  it('calls of a kind keep what they say of themselves', async () => {
    const tags: unknown[] = []
    const { client } = world(undefined, {
      onEvent: (event) => event.type === 'succeeded' && tags.push(event.call.tag),
    })
    const tagged = client.fetch.with({ tag: 'a' })
    await tagged('x')
    await tagged.with({ tag: 'b' })('x')
    await tagged('x', { evenkeel: { tag: 'c' } })
    expect(tags).toEqual(['a', 'b', 'c'])
    expect(tagged.policies.circuitBreaker?.state('https://api.example.com')).toBe('closed')
  })

  it('tells what calls do, by name', async () => {
    const { client, clock } = world((url) => (url.endsWith('down') ? { status: 503 } : {}))
    const heard: string[] = []
    client.events.on('succeeded', ({ status }) => heard.push(`succeeded ${status}`))
    client.events.on('retryScheduled', ({ attempt }) => heard.push(`attempt ${attempt} to come`))
    client.events.once('failed', ({ status }) => heard.push(`failed ${status}`))
    await client.fetch('up')
    const down = client.fetch('down')
    await clock.runAll()
    expect((await down).status).toBe(503)
    expect(heard[0]).toBe('succeeded 200')
    expect(heard).toContain('attempt 2 to come')
    expect(heard.at(-1)).toBe('failed 503')
  })

  it('lets what an app says go before what a preset says, option by option', async () => {
    const { client, clock, asked } = world(() => ({ status: 503 }), {
      preset: { retry: { maxRetries: 5, budget: false }, key: () => 'preset' },
      retry: { maxRetries: 1 },
    })
    const call = client.fetch('x')
    await clock.runAll()
    await call
    expect(asked).toHaveLength(2)
    expect(client.fetch.policies.circuitBreaker?.state('preset')).toBe('closed')
  })

  it('takes what an app leaves undefined from the preset', async () => {
    const { client, clock, asked } = world(() => ({ status: 503 }), {
      preset: { retry: { maxRetries: 1, budget: false } },
      retry: undefined,
    })
    const call = client.fetch('x')
    await clock.runAll()
    await call
    expect(asked).toHaveLength(2)
  })

  it("admits calls by the app's policy, besides its own", async () => {
    const steer = steering({ clock: manualClock() })
    const { client, asked } = world(undefined, { admission: steer })
    steer.learn('https://api.example.com', 'pause=deferred')
    const deferred = client.fetch('a', { evenkeel: { priority: 'deferred' } }).catch(errorCode)
    expect([await deferred, asked.length]).toEqual(['PAUSED_BY_SERVER', 0])
    expect((await client.fetch('b')).status).toBe(200)
  })

  it('hears of a part that has a listener of its own', async () => {
    const heard: string[] = []
    const told = ({ type }: { readonly type: string }): void => {
      heard.push(type)
    }
    const { client, clock } = world(() => ({ status: 503, headers: { 'retry-after': '1' } }), {
      retry: { onEvent: told },
      rateLimit: { onEvent: told },
      circuitBreaker: { onEvent: told },
    })
    const byName: string[] = []
    for (const name of ['opened', 'retryScheduled', 'cooldownStarted'] as const)
      client.events.on(name, ({ type }) => byName.push(type))
    const calls = Array.from({ length: 8 }, (_, i) => client.fetch(`${i}`).catch(errorCode))
    await clock.advance(20_000)
    expect(new Set(byName)).toEqual(new Set(['opened', 'retryScheduled', 'cooldownStarted']))
    expect(heard).toEqual(expect.arrayContaining([...byName]))
    expect(client.health.reasons.map(({ kind }) => kind)).toContain('circuit')
    await client.close()
    await Promise.all(calls)
  })

  it('has its answers kept by the addresses that they come from', async () => {
    let status = 200
    const { client } = world(() => ({ status }), { retry: false })
    const fetch = staleIfError(client.fetch)
    await (await fetch('things')).text()
    status = 503
    expect(isStale(await fetch('https://api.example.com/v1/things'))).toBe(true)
    const other = staleIfError(client.fetch.with({ priority: 'critical' }))
    expect((await other('things')).status).toBe(503)
  })

  it('leaves an address that is none to fetch', async () => {
    const { client, asked } = world()
    await client.fetch('https://')
    expect(asked).toEqual(['https://'])
  })

  it.each(['no base', 'api.example.com', 'localhost:3000', ''])(
    'refuses %o as its base',
    (baseUrl) => {
      expect(() => createClient({ baseUrl })).toThrow(
        new TypeError(`createClient: baseUrl must be the URL of a server, got ${baseUrl}`),
      )
    },
  )
})

describe('options that are no good', () => {
  it.each([
    [{ attemptTimeout: 5 }, 'createClient: there is no option attemptTimeout'],
    [{ preset: { retries: 5 } }, 'createClient: there is no option retries'],
    [{ totalTimeoutMs: 0 }, 'createClient: totalTimeoutMs must be a number ≥ 1, got 0'],
    [{ retry: { retries: 5 } }, 'retry: there is no option retries'],
    [{ health: { window: 5 } }, 'healthMonitor: there is no option window'],
    [{ network: { adapt: false } }, 'networkMonitor: there is no option adapt'],
  ])('are named with what they were given to: %j', (options, message) => {
    expect(() => createClient(options as ClientOptions)).toThrow(new RangeError(message))
  })

  it('let pass what is thrown by something else', () => {
    expect(() => createClient({ attemptHeader: 'no header' })).toThrow(TypeError)
  })
})

describe('the health of an API', () => {
  it('is judged by all calls of its client, and sheds what can wait', async () => {
    const { client, clock, asked, told } = world(() => ({ status: 500 }), { retry: false })
    expect(client.health.level).toBe('calm')
    for (let i = 0; i < 5; i++) await client.fetch(`x${i}`)
    expect([client.health.level, told]).toEqual(['storm', ['storm']])
    expect(client.health.reasons[0]?.text).toMatch(/100 % of 5 requests failed/)
    const { length } = asked
    const error: unknown = await client
      .fetch('presence', { evenkeel: { priority: 'deferred' } })
      .catch((thrown) => thrown)
    expect(error).toMatchObject({
      code: 'SHED_IN_STORM',
      key: 'https://api.example.com',
      retryAfterMs: 10_000,
      transient: true,
      stack: expect.not.stringContaining('\n'),
    })
    expect((error as Error).message).toMatch(/^Deferred calls wait until the storm is over: /)
    expect(asked).toHaveLength(length)
    await clock.advance(120_000)
    expect([client.health.level, clock.pending]).toEqual(['calm', 0])
    await client.fetch('presence', { evenkeel: { priority: 'deferred' } })
    expect(asked).toHaveLength(length + 1)
  })

  it('sheds nothing where that is turned off, and watches nothing where health is', async () => {
    for (const options of [{ shedsDeferred: false }, { health: false }] as const) {
      const { client, asked } = world(() => ({ status: 500 }), {
        retry: false,
        circuitBreaker: false,
        ...options,
      })
      for (let i = 0; i < 5; i++) await client.fetch(`x${i}`)
      await client.fetch('presence', { evenkeel: { priority: 'deferred' } })
      expect(asked).toHaveLength(6)
    }
    const { client } = world(undefined, { health: false })
    expect([client.health.level, client.health.reasons]).toEqual(['calm', []])
  })

  it('knows what the server asks its whole fleet for, and keeps to it', async () => {
    let level = 1
    const hint = fleetHint({ clock: manualClock(), random: () => 0.5 })
    const { client, asked } = world(() => ({ headers: { 'fleet-hint': `level=${level}` } }), {
      fleetHint: hint,
    })
    await client.fetch('a')
    expect(client.health).toMatchObject({ level: 'storm', reasons: [{ kind: 'hint' }] })
    const important = await client.fetch('b').catch(errorCode)
    expect([important, asked.length]).toEqual(['SHED_BY_HINT', 1])
    level = 3
    await client.fetch('c', { evenkeel: { priority: 'critical' } })
    expect(client.health.reasons).toEqual([])
    expect((await client.fetch('b')).status).toBe(200)
  })

  it('is told to the option, too', async () => {
    const levels: string[] = []
    const { client } = world(() => ({ status: 500 }), {
      retry: false,
      health: { onChange: ({ level }) => levels.push(level) },
    })
    for (let i = 0; i < 5; i++) await client.fetch(`x${i}`)
    expect(levels).toEqual(['storm'])
  })
})

describe('what shares a client', () => {
  it('is one failure domain: sockets do not dial while the circuit that calls opened is open', async () => {
    const { client, clock } = world(() => ({ status: 500 }), { retry: false })
    for (let i = 0; i < 8; i++) await client.fetch(`x${i}`)
    const dials: string[] = []
    class Inner extends EventTarget {
      constructor(url: string) {
        super()
        dials.push(url)
      }
      close() {}
      send() {}
    }
    const socket = client.socket('socket', { WebSocket: Inner as never })
    await clock.advance(1000)
    expect(dials).toEqual([])
    await clock.advance(60_000)
    expect(dials[0]).toBe('wss://api.example.com/v1/socket')
    socket.close()
  })

  it('asks a function for the address of each dial', async () => {
    const { client, clock } = world()
    const dials: string[] = []
    class Inner extends EventTarget {
      constructor(url: string) {
        super()
        dials.push(url)
      }
      close() {}
      send() {}
    }
    const socket = client.socket(() => '/chat', { WebSocket: Inner as never })
    await clock.advance(0)
    expect(dials).toEqual(['wss://api.example.com/chat'])
    socket.close()
  })

  it('has batches on the same clock', async () => {
    const { client } = world()
    const letters = client.batch(async (keys: readonly string[]) => {
      const response = await client.fetch(`letters?keys=${keys.join()}`)
      const text = await response.text()
      return keys.map((key) => `${key}: ${text}`)
    })
    expect(await Promise.all([letters.load('a'), letters.load('b')])).toEqual([
      'a: answer to https://api.example.com/v1/letters?keys=a,b',
      'b: answer to https://api.example.com/v1/letters?keys=a,b',
    ])
  })
})

describe('closing', () => {
  it('ends sockets and batches, lets nothing new begin, and leaves no timer', async () => {
    const { client, clock } = world(() => ({ status: 500 }), { retry: false })
    class Inner extends EventTarget {
      close() {}
      send() {}
    }
    const own = new AbortController()
    const socket = client.socket('a', { WebSocket: Inner as never })
    const other = client.socket('b', { WebSocket: Inner as never, signal: own.signal })
    const letters = client.batch((keys: readonly string[]) => [...keys], { window: 1000 })
    const single = client.batch((keys: readonly string[]) => [...keys], { signal: own.signal })
    const waiting = letters.load('a').catch(errorCode)
    for (let i = 0; i < 5; i++) await client.fetch(`x${i}`)
    client[Symbol.dispose]()
    client.close()
    expect(await waiting).toBe('BATCH_CLOSED')
    expect(await single.load('a').catch(errorCode)).toBe('BATCH_CLOSED')
    expect(await client.fetch('x').catch(errorCode)).toBe('CLIENT_CLOSED')
    await clock.advance(5000)
    expect([socket.state, other.state, clock.pending]).toEqual(['closed', 'closed', 0])
  })
})
