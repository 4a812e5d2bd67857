import { aimd, bulkhead } from '@evenkeel/bulkhead'
import { adaptiveLimit, type NetworkChanged, networkMonitor } from '@evenkeel/core/network'
import { manualClock } from '@evenkeel/core/testing'
import { describe, expect, it } from 'vitest'
import { adaptiveWindow, heartbeat } from '../src/index.ts'
import { fakeSockets } from './fake-socket.ts'
import { world } from './world.ts'

/** A monitor that was told of a network on which everything takes long. */
function poorNetwork(clock = manualClock(), adapts = true) {
  const network = networkMonitor({ timings: false, clock, adapts })
  for (let i = 0; i < 3; i++) network.observe({ outcome: 'answered', rttMs: 1500 })
  return network
}

const never = new Promise<never>(() => {})

describe('the network', () => {
  it('is learned of from calls, and told', async () => {
    const heard: NetworkChanged[] = []
    const { client } = world()
    client.events.on('networkChanged', (event) => heard.push(event))
    expect(client.network.facts.state).toBe('unknown')
    await client.fetch('x')
    expect(client.network.facts.state).toBe('online')
    expect(heard.map(({ facts }) => facts.state)).toEqual(['online'])
  })

  it('is told with what it asks for, and why', async () => {
    const heard: NetworkChanged[] = []
    const { client } = world()
    client.events.on('networkChanged', (event) => heard.push(event))
    for (let i = 0; i < 3; i++) client.network.observe({ outcome: 'answered', rttMs: 1500 })
    expect(heard.at(-1)?.adaptation.reasons).toContain(
      'the network is poor: hearts beat half as often',
    )
  })

  it('makes attempts have more time where it is slow, and no more than five times', async () => {
    const clock = manualClock()
    const { client } = world(() => never, {
      clock,
      network: poorNetwork(clock),
      attemptTimeoutMs: 1000,
      retry: false,
    })
    let endedAtMs = 0
    client.fetch('x').catch(() => {
      endedAtMs = clock.now()
    })
    await clock.advance(4999)
    expect(endedAtMs).toBe(0)
    await clock.advance(1)
    expect(endedAtMs).toBe(5000)
  })

  it('changes nothing where that is turned off', async () => {
    const { client, clock } = world(() => never, {
      network: { adapts: false, timings: false },
      attemptTimeoutMs: 1000,
      retry: false,
    })
    for (let i = 0; i < 3; i++) client.network.observe({ outcome: 'answered', rttMs: 1500 })
    let hasEnded = false
    client.fetch('x').catch(() => {
      hasEnded = true
    })
    await clock.advance(1000)
    expect([hasEnded, client.network.facts.quality]).toEqual([true, 'poor'])
  })

  it('makes deferred calls wait while it is poor, and others not', async () => {
    const { client, clock, asked } = world(undefined, { network: poorNetwork() })
    const presence = client.fetch('presence', { evenkeel: { priority: 'deferred' } })
    await client.fetch('message')
    await clock.advance(59_999)
    expect(asked).toHaveLength(1)
    await clock.advance(1)
    expect((await presence).status).toBe(200)
  })

  it('makes batches gather longer; those that end with their tick still do', async () => {
    const clock = manualClock()
    const { client } = world(undefined, { clock, network: poorNetwork(clock) })
    const sent: string[] = []
    const load = (name: string) => (keys: readonly number[]) => {
      sent.push(`${name} ${clock.now()}`)
      return [...keys]
    }
    const loads = [
      client.batch(load('tick')).load(1),
      client.batch(load('fixed'), { window: 10 }).load(1),
      client.batch(load('adaptive'), { window: adaptiveWindow() }).load(1),
    ]
    await clock.advance(100)
    await Promise.all(loads)
    expect(sent.sort()).toEqual(['adaptive 0', 'fixed 40', 'tick 0'])
    expect(() => client.batch(load('bad'), { window: -1 })).toThrow(
      'batch: window must be a number ≥ 0, got -1',
    )
  })

  it('lets an adaptive window learn all the same', async () => {
    const { client, clock } = world()
    const learned: unknown[] = []
    const window = { delayMs: () => 5, learn: (facts: unknown) => learned.push(facts) }
    const load = client.batch((keys: readonly number[]) => [...keys], { window }).load(1)
    await clock.advance(5)
    await load
    expect(learned).toEqual([{ size: 1, gatheredMs: 5, durationMs: 0 }])
  })

  it('makes hearts beat half as often where it is poor', async () => {
    const beats = async (quality: 'good' | 'poor') => {
      const clock = manualClock()
      const { opened, WebSocket } = fakeSockets()
      const { client } = world(undefined, {
        clock,
        random: () => 0.999,
        // The round trips of the beats would show that it is not so poor.
        network:
          quality === 'poor'
            ? Object.assign(poorNetwork(clock), { observe: () => {} })
            : { timings: false },
      })
      const socket = client.socket('chat', {
        WebSocket,
        heartbeat: heartbeat({ intervalMs: 1000, message: 'beat' }),
      })
      await clock.advance(0)
      opened[0]?.accept()
      for (let at = 0; at < 100; at++) {
        await clock.advance(100)
        if (opened[0]?.sent.length) opened[0].onmessage?.({ data: 'answer' })
      }
      socket.close()
      return opened[0]?.sent.length
    }
    expect([await beats('good'), await beats('poor')]).toEqual([10, 5])
  })

  it('is learned of from sockets: their dials, and the round trips of their beats', async () => {
    const { opened, WebSocket } = fakeSockets()
    const { client, clock } = world()
    const seen: unknown[] = []
    const observe = client.network.observe
    Object.assign(client.network, {
      observe(observation: Parameters<typeof observe>[0]) {
        seen.push(observation)
        observe(observation)
      },
    })
    const socket = client.socket('chat', {
      WebSocket,
      heartbeat: heartbeat({ intervalMs: 1000, message: 'beat' }),
    })
    await clock.advance(0)
    opened[0]?.cut()
    await clock.advance(10_000)
    opened[1]?.accept()
    while (!opened[1]?.sent.length) await clock.advance(10)
    await clock.advance(300)
    opened[1]?.onmessage?.({ data: 'answer' })
    opened[1]?.onmessage?.({ data: 'more' })
    expect(seen).toEqual([
      { outcome: 'unreachable', key: 'https://api.example.com' },
      { outcome: 'answered', key: 'https://api.example.com' },
      { outcome: 'answered', key: 'https://api.example.com', rttMs: expect.closeTo(300, -2) },
    ])
    expect(socket.rttMs).toBe((seen[2] as { rttMs: number }).rttMs)
    opened[1]?.cut()
    expect(seen).toHaveLength(3)
    socket.close()
  })

  it('of a socket whose address is none, or is yet to come, is the API’s', async () => {
    const { opened, WebSocket } = fakeSockets()
    const { client, clock } = world()
    const socket = client.socket(() => '/chat', { WebSocket })
    await clock.advance(0)
    opened[0]?.accept()
    expect(client.network.facts.state).toBe('online')
    expect(() => client.socket('https://')).toThrow('the URL must be')
    socket.close()
  })

  it('is watched by a monitor of the app’s own, which outlives the client', async () => {
    const network = poorNetwork()
    const { client } = world(undefined, { network })
    expect(client.network).toBe(network)
    const heard: unknown[] = []
    network.listen((event) => heard.push(event))
    await client.close()
    for (let i = 0; i < 20; i++) network.observe({ outcome: 'answered', rttMs: 10 })
    expect(heard).toHaveLength(1)
  })
})

describe('a bulkhead', () => {
  const inFlight = async (options: Parameters<typeof world>[1]) => {
    let most = 0
    let now = 0
    const { client, clock } = world(
      async () => {
        most = Math.max(most, ++now)
        await new Promise<void>((resolve) => clock.scheduleAt(clock.now() + 10, resolve))
        now--
        return {}
      },
      { singleFlight: false, ...options },
    )
    const calls = Array.from({ length: 40 }, (_, i) => client.fetch(`x${i}`))
    await clock.advance(1000)
    await Promise.all(calls)
    await client.close()
    return most
  }

  it('is none unless asked for, and holds ten calls, or fewer on a thin network', async () => {
    const clock = manualClock()
    expect(await inFlight({})).toBe(40)
    expect(await inFlight({ bulkhead })).toBe(10)
    expect(await inFlight({ bulkhead, network: poorNetwork() })).toBe(2)
    expect(await inFlight({ bulkhead: (host) => bulkhead({ ...host, limit: 20 }) })).toBe(20)
    expect(await inFlight({ bulkhead: bulkhead({ clock, limit: 30 }) })).toBe(30)
    const network = poorNetwork()
    const limit = adaptiveLimit(network, aimd({ initial: 20 }))
    const adaptive = bulkhead({ clock, limit })
    expect(await inFlight({ network, bulkhead: adaptive })).toBeLessThanOrEqual(6)
  })

  it('starts what is critical first, and sheds what can wait', async () => {
    const order: string[] = []
    const { client, clock } = world(
      async (url) => {
        order.push(url.slice(27))
        await new Promise<void>((resolve) => clock.scheduleAt(clock.now() + 10, resolve))
        return {}
      },
      { bulkhead: (host) => bulkhead({ clock: host.clock, limit: 1, maxQueued: 2 }) },
    )
    const call = (name: string, priority: 'critical' | 'deferred' | 'important') =>
      client.fetch(name, { evenkeel: { priority } }).then(
        () => 'ok',
        (error) => error.code as string,
      )
    const calls = [
      call('first', 'important'),
      call('typing', 'deferred'),
      call('upload', 'important'),
      call('message', 'critical'),
    ]
    await clock.advance(1000)
    expect(await Promise.all(calls)).toEqual(['ok', 'BULKHEAD_FULL', 'ok', 'ok'])
    expect(order).toEqual(['first', 'message', 'upload'])
  })
})
