import { batch } from '@evenkeel/batch'
import { bulkhead } from '@evenkeel/bulkhead'
import { memoryStore as stateStore } from '@evenkeel/core/persistence'
import { fakeTabs, manualClock } from '@evenkeel/core/testing'
import { sharing } from '@evenkeel/fetch/shared-state'
import { outboxFetch } from '@evenkeel/outbox/fetch'
import { memoryStore } from '@evenkeel/outbox/memory'
import { describe, expect, it, vi } from 'vitest'
import { createClient, errorCode, heartbeat, reached } from '../src/index.ts'
import { Lifecycle } from '../src/lifecycle.ts'
import { fakeSockets } from './fake-socket.ts'
import { world } from './world.ts'

/** An API that answers when told, and heeds signals. */
function slowApi() {
  const calls: { url: string; signal: AbortSignal; answer(body?: BodyInit): void }[] = []
  const fetch = ((url: string, { signal }: { signal: AbortSignal }) =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason))
      calls.push({ url, signal, answer: (body = 'ok') => resolve(new Response(body)) })
    })) as never
  return { calls, fetch }
}

describe('closing a client', () => {
  it('aborts calls under way, and says of each how far it may have got', async () => {
    const { calls, fetch } = slowApi()
    const { client } = world(undefined, { fetch })
    const own = new AbortController()
    const underWay = [client.fetch('a'), client.fetch('b', { signal: own.signal })].map((call) =>
      call.catch((error) => error),
    )
    await client.close()
    for (const error of await Promise.all(underWay))
      expect([errorCode(error), reached(error)]).toEqual(['CLIENT_CLOSED', 'maybe'])
    expect(calls.map(({ signal }) => signal.aborted)).toEqual([true, true])
    const refused = await client.fetch('c').catch((error) => error)
    expect([errorCode(refused), reached(refused)]).toEqual(['CLIENT_CLOSED', 'no'])
    expect(calls).toHaveLength(2)
  })

  it('takes what it aborts for no failure of the API', async () => {
    const { fetch } = slowApi()
    const { client, clock, told } = world(undefined, { fetch })
    const calls = Array.from({ length: 10 }, (_, i) => client.fetch(`${i}`).catch(errorCode))
    await client.close()
    await Promise.all(calls)
    expect([told, client.health.level, clock.pending]).toEqual([[], 'calm', 0])
  })

  it('aborts calls that wait for their next attempt, and those that wait for a turn', async () => {
    const { client, clock } = world(() => ({ status: 503 }), {
      bulkhead: (host) => bulkhead({ clock: host.clock, limit: 1 }),
    })
    const calls = ['a', 'b', 'c'].map((url) => client.fetch(url).catch(errorCode))
    await clock.advance(1)
    await client.close()
    expect(await Promise.all(calls)).toEqual(['CLIENT_CLOSED', 'CLIENT_CLOSED', 'CLIENT_CLOSED'])
    expect(clock.pending).toBe(0)
  })

  it('aborts a body that is being read', async () => {
    const { calls, fetch } = slowApi()
    const { client } = world(undefined, { fetch })
    const call = client.fetch('a')
    const { signal } = calls[0] as (typeof calls)[number]
    calls[0]?.answer(
      new ReadableStream({
        start(controller) {
          signal.addEventListener('abort', () => controller.error(signal.reason))
        },
      }),
    )
    const text = (await call).text().catch(errorCode)
    await client.close()
    expect(await text).toBe('CLIENT_CLOSED')
  })

  it('lets no call listen on a signal of the app any more', async () => {
    let listeners = 0
    const signal = new AbortController().signal
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    Object.assign(signal, {
      addEventListener: (...args: Parameters<typeof add>) => {
        listeners++
        add(...args)
      },
      removeEventListener: (...args: Parameters<typeof remove>) => {
        listeners--
        remove(...args)
      },
    })
    const { fetch } = slowApi()
    const { client } = world(undefined, { fetch })
    const call = client.fetch('a', { signal }).catch(errorCode)
    expect(listeners).toBe(1)
    await client.close()
    await call
    expect(listeners).toBe(0)
  })

  it('brings to an end what is under way, if told to', async () => {
    const { calls, fetch } = slowApi()
    const { client, clock } = world(undefined, { fetch })
    const letters = client.batch(
      async (keys: readonly string[]) => {
        const text = await (await client.fetch(`letters?${keys}`)).text()
        return keys.map((key) => key + text)
      },
      { window: 1000 },
    )
    const call = client.fetch('a')
    const letter = letters.load('x')
    let isClosed = false
    const closing = client.close({ drains: true }).then(() => {
      isClosed = true
    })
    expect(await letters.load('y').catch(errorCode)).toBe('CLIENT_CLOSED')
    await clock.advance(0)
    // The batch has been sent at once, and its own calls are let through.
    expect(calls.map(({ url }) => url.slice(27))).toEqual(['a', 'letters?x'])
    calls[1]?.answer('!')
    expect(await letter).toBe('x!')
    expect(await client.fetch('b').catch(errorCode)).toBe('CLIENT_CLOSED')
    expect(isClosed).toBe(false)
    calls[0]?.answer()
    const response = await call
    await closing
    // What was answered may still be read.
    expect(await response.text()).toBe('ok')
    expect([isClosed, clock.pending]).toEqual([true, 0])
  })

  it('keeps no batch of which nothing is under way: one for each page or request does not add up', async () => {
    const life = new Lifecycle(undefined)
    const flushed: string[] = []
    const batchOf = (name: string) =>
      life.batch({
        ...batch((keys: readonly string[]) => [...keys]),
        flush: () => void flushed.push(name),
      })
    batchOf('never used')
    await batchOf('done').load('a')
    const gathering = batchOf('gathering').load('b')
    await Promise.all([life.drain(), gathering])
    expect(flushed).toEqual(['gathering'])
  })

  it('listens once for the end of each socket and batch: Node.js warns of eleven on one signal', async () => {
    const listeners = new Map<unknown, number>()
    const { addEventListener } = EventTarget.prototype
    const listened = vi
      .spyOn(EventTarget.prototype, 'addEventListener')
      .mockImplementation(function (this: EventTarget, ...args) {
        if (this instanceof AbortSignal) listeners.set(this, (listeners.get(this) ?? 0) + 1)
        addEventListener.apply(this, args)
      })
    const { client } = world(undefined, { sockets: { WebSocket: fakeSockets().WebSocket } })
    for (let i = 0; i < 20; i++) {
      client.socket(`${i}`)
      client.batch((keys: readonly string[]) => [...keys])
    }
    expect(Math.max(...listeners.values())).toBeLessThanOrEqual(2)
    listened.mockRestore()
    await client.close()
  })

  it('ends at once when nothing is under way', async () => {
    const { client } = world()
    await client.close({ drains: true })
    expect(await client.fetch('b').catch(errorCode)).toBe('CLIENT_CLOSED')
  })

  it('aborts after all what it waits for, when told so meanwhile', async () => {
    const { fetch } = slowApi()
    const { client } = world(undefined, { fetch })
    const call = client.fetch('a').catch(errorCode)
    const drained = client.close({ drains: true })
    await client.close()
    expect(await call).toBe('CLIENT_CLOSED')
    await drained
  })

  it('leaves nothing: no call, timer, listener, connection, channel or lock', async () => {
    const clock = manualClock()
    const tabs = fakeTabs()
    const { channel, locks } = tabs.open()
    const sockets = fakeSockets()
    const store = memoryStore()
    let isStoreOpen = true
    const platformListeners = new Set<object>()
    const listen = () => {
      const listener = {}
      platformListeners.add(listener)
      return () => platformListeners.delete(listener)
    }
    const signals = { isOnline: () => true, isVisible: () => true, listen }
    {
      await using client = createClient({
        baseUrl: 'https://api.example.com/',
        clock,
        random: () => 0.5,
        network: { timings: false, signals },
        bulkhead,
        shared: (host) =>
          sharing({ ...host, store: stateStore(), channel, locks, page: () => listen() }),
        outbox: (host) =>
          outboxFetch(
            {
              ...store,
              signals,
              close: async () => {
                isStoreOpen = false
              },
            },
            host,
          ),
        sockets: {
          WebSocket: sockets.WebSocket,
          signals,
          heartbeat: heartbeat({ message: 'beat' }),
        },
        fetch: async (input) =>
          new Response(null, { status: String(input).endsWith('down') ? 503 : 200 }),
      })
      const socket = client.socket('chat')
      client.socket('closed before').close()
      await clock.advance(0)
      for (const each of sockets.opened) each.accept()
      const down = Array.from({ length: 12 }, (_, i) => client.fetch(`${i}/down`).catch(errorCode))
      await client.outbox('later', { method: 'POST', outbox: { stores: true } })
      const letters = client.batch((keys: readonly number[]) => [...keys], { window: 1000 })
      client.batch((keys: readonly number[]) => [...keys])[Symbol.dispose]()
      const letter = letters.load(1).catch(errorCode)
      await clock.advance(100)
      expect([clock.pending > 0, platformListeners.size > 0, tabs.inUse > 0, socket.state]).toEqual(
        [true, true, true, 'open'],
      )
      client[Symbol.dispose]()
      expect(await letter).toBe('BATCH_CLOSED')
      await Promise.all(down)
    }
    await clock.advance(0)
    expect({
      timers: clock.pending,
      platformListeners: platformListeners.size,
      channelsAndLocks: tabs.inUse,
      isStoreOpen,
      sockets: sockets.opened.map(({ readyState }) => readyState),
    }).toEqual({
      timers: 0,
      platformListeners: 0,
      channelsAndLocks: 0,
      isStoreOpen: false,
      sockets: [3],
    })
  })
})
