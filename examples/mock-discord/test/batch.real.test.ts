import { batchFetch, multipartBatch } from '@evenkeel/batch/fetch'
import { describe, expect, it } from 'vitest'
import { incident } from './incident.ts'
import { messagesPath } from './started.ts'

const codecs = [
  ['JSON', undefined],
  ['multipart/mixed', multipartBatch()],
] as const

/** A fetch that batches, beside the mock it asks and the requests that reach its gateway. */
async function batching(codec: (typeof codecs)[number][1]) {
  const { mock, admin, call } = await incident({
    backend: { database: { poolSize: 100, queueDepth: 1000 } },
  })
  let sent = 0
  const send = batchFetch({
    endpoint: `${mock.url}/api/v10/batch`,
    codec,
    fetch: (input, init) => {
      sent++
      return fetch(input, init)
    },
  })
  const headers = { authorization: 'Bot token', 'content-type': 'application/json' }
  const ask = (method: string, path: string, body?: object) =>
    send(`${mock.url}/api${path}`, { method, headers, body: body ? JSON.stringify(body) : null })
  return { mock, admin, call, ask, sent: () => sent }
}

describe.each(codecs)('a batch as %s', (_name, codec) => {
  it('answers each request as if it had come alone, in one', async () => {
    const { ask, sent } = await batching(codec)
    const posts = ['one', 'two'].map((content) => ask('POST', messagesPath, { content }))
    const replies = await Promise.all([...posts, ask('GET', '/v10/channels/1')])
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 404])
    const [first, second, third] = await Promise.all(replies.map((reply) => reply.json()))
    expect([first.content, second.content]).toEqual(['one', 'two'])
    expect(first.author.id).toBe(second.author.id)
    expect(third).toEqual({ message: 'Unknown Channel', code: 10003 })
    expect(replies[0]?.headers.get('via')).toBe('1.1 google')
    expect(sent()).toBe(1)
  })

  it('fails alone what the backend fails', async () => {
    const { ask, admin } = await batching(codec)
    await admin('POST', '/faults', {
      match: { route: '/gateway' },
      fault: { kind: 'status', status: 503 },
    })
    const replies = await Promise.all(['/v10/users/@me', '/v10/gateway'].map((p) => ask('GET', p)))
    expect(replies.map(({ status }) => status)).toEqual([200, 503])
  })

  it('saves the requests that it is for', async () => {
    const { ask, sent } = await batching(codec)
    const replies = await Promise.all(
      Array.from({ length: 1000 }, () => ask('GET', '/v10/users/@me')),
    )
    expect(replies.every(({ status }) => status === 200)).toBe(true)
    console.log(`1,000 loads: ${sent()} requests`)
    expect(sent()).toBe(10)
  })
})

describe('what is no batch', () => {
  it.each([
    ['nonsense', 'nonsense', 'application/json'],
    ['an object', '{}', 'application/json'],
    ['a list of no requests', '[null]', 'application/json'],
    ['too many requests', JSON.stringify(Array(101).fill({ url: '/' })), 'application/json'],
  ])('is refused: %s', async (_name, body, type) => {
    const { mock } = await incident()
    const headers = { 'content-type': type }
    const reply = await fetch(`${mock.url}/api/v10/batch`, { method: 'POST', headers, body })
    expect(reply.status).toBe(400)
  })

  it('is a request that says it is part of one: the gateway counts it all the same', async () => {
    const { mock } = await incident({
      gateway: { mode: 'fixed', limits: { users: 1 }, windowMs: 60_000, rejectMs: 0 },
    })
    const headers = { 'x-mock-part': 'guessed' }
    const ask = async () => (await fetch(`${mock.url}/api/v10/users/@me`, { headers })).status
    expect([await ask(), await ask()]).toEqual([200, 429])
  })
})
