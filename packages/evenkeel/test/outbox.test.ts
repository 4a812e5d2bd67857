import { outboxFetch } from '@evenkeel/outbox/fetch'
import { memoryStore } from '@evenkeel/outbox/memory'
import { describe, expect, it } from 'vitest'
import { createClient, errorCode } from '../src/index.ts'
import { type Answer, world } from './world.ts'

/** A client with an outbox, of an API that is down until told. */
function offlineWorld(answer: () => Answer, store = memoryStore()) {
  const told: string[] = []
  const made = world(answer, {})
  const asked: [url: string, init: RequestInit | undefined][] = []
  const client = createClient({
    baseUrl: 'https://api.example.com/v1/',
    clock: made.clock,
    random: () => 0.5,
    retry: false,
    network: { timings: false },
    fetch: async (input, init) => {
      asked.push([String(input), init])
      const { status = 200, throws } = answer()
      if (throws) throw throws
      return new Response('answer', { status })
    },
    outbox: (host) => outboxFetch(store, host),
  })
  client.events.on('outboxChanged', ({ type }) => told.push(type))
  const post = () => client.outbox('messages', { method: 'POST', body: 'hello' })
  return { client, clock: made.clock, asked, told, post, store }
}

describe('the outbox of a client', () => {
  it('sends by the client’s own fetch, relative to its API', async () => {
    const { post, asked, client } = offlineWorld(() => ({}))
    expect((await post()).sent?.status).toBe(200)
    expect(asked[0]?.[0]).toBe('https://api.example.com/v1/messages')
    await client.close()
  })

  it('stores what an open circuit refuses, and sends it as soon as that has closed', async () => {
    let status = 503
    const { client, clock, post, told } = offlineWorld(() => ({ status }))
    for (let i = 0; i < 8; i++) await client.fetch(`x${i}`)
    const { queued } = await post()
    expect(queued?.payload.url).toBe('https://api.example.com/v1/messages')
    status = 200
    await clock.advance(30_000)
    expect(told).toContain('sent')
    await client.close()
  })

  it('does not wait on when a call shows that the circuit has closed, or that there is a network', async () => {
    let answer: Answer = { throws: new TypeError('fetch failed') }
    const { client, clock, post, told, asked } = offlineWorld(() => answer)
    for (let i = 0; i < 6; i++) {
      await post()
      await clock.advance(60_000)
    }
    const other = client.fetch('https://other.example.com/').catch(() => {})
    await clock.advance(0)
    await other
    expect(client.network.facts.state).toBe('offline')
    expect(told).not.toContain('sent')
    answer = {}
    const before = asked.length
    await client.fetch('https://other.example.com/')
    expect(client.network.facts.state).toBe('online')
    // A wait of its own would be up to five minutes; the circuit's is the server's to end.
    await clock.advance(60_000)
    expect(asked.length).toBeGreaterThan(before + 1)
    expect(told).toContain('sent')
    await client.close()
  })

  it('is none without the option', () => {
    const { client } = world()
    expect(client.outbox).toBeUndefined()
  })

  it('keeps what waits when the client is closed, for the next one', async () => {
    const { client, post, store, asked } = offlineWorld(() => ({
      throws: new TypeError('fetch failed'),
    }))
    expect((await post()).queued).toBeDefined()
    await client.close()
    expect(await post().catch(errorCode)).toBe('OUTBOX_CLOSED')
    expect(await store.read()).toHaveLength(1)
    const { length } = asked
    const next = offlineWorld(() => ({}), store)
    await next.clock.advance(60_000)
    expect(next.asked.map(([, init]) => new Headers(init?.headers).get('idempotency-key'))).toEqual(
      [new Headers(asked[0]?.[1]?.headers).get('idempotency-key')],
    )
    expect(asked).toHaveLength(length)
    await next.client.close()
  })
})
