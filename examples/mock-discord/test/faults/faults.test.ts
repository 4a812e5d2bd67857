import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/backend/seeded-random.ts'
import { VirtualScheduler } from '../../src/backend/virtual-scheduler.ts'
import type { Fault } from '../../src/faults/fault.ts'
import { type FaultRule, isMatch, readFaultRule } from '../../src/faults/fault-rule.ts'
import { Faults } from '../../src/faults/faults.ts'
import type { OutgoingReply } from '../../src/machinery.ts'
import type { ApiRequest } from '../../src/stage.ts'
import { apiRequest } from '../api-request.ts'

const sent: OutgoingReply = { status: 200, headers: { via: '1.1 google' }, body: '{"id":"1"}' }

function world(...rules: readonly (Fault | FaultRule)[]) {
  const scheduler = new VirtualScheduler()
  const faults = new Faults(scheduler, seededRandom(1))
  for (const rule of rules) faults.add('fault' in rule ? rule : { fault: rule })
  const before = async (changes?: Partial<ApiRequest>) => faults.before(apiRequest(changes))
  const after = async (changes?: Partial<ApiRequest>) => faults.after(apiRequest(changes), sent)
  return { scheduler, faults, before, after }
}

describe('a fault', () => {
  it('is none when there is no rule, at no cost', () => {
    const { faults } = world()
    expect(faults.before(apiRequest())).toBeUndefined()
    expect(faults.after(apiRequest(), sent)).toBe(sent)
  })

  it('answers a status with a body in Discord’s form, or with what is given', async () => {
    expect(await world({ kind: 'status', status: 502 }).before()).toEqual({
      status: 502,
      headers: { 'content-type': 'application/json' },
      body: '{"message":"502: Bad Gateway","code":0}',
    })
    const given = { 'Content-Type': 'text/plain', 'Retry-After': '7' }
    expect(
      await world({ kind: 'status', status: 503, headers: given, body: 'no' }).before(),
    ).toEqual({
      status: 503,
      headers: { 'content-type': 'text/plain', 'retry-after': '7' },
      body: 'no',
    })
  })

  it('gives a 204 no body', async () => {
    expect(await world({ kind: 'status', status: 204 }).before()).toMatchObject({ body: undefined })
  })

  it('answers 429 in Discord’s form, with headers on top', async () => {
    const reply = await world({
      kind: 'rate-limit',
      retryAfterMs: 1_500,
      scope: 'shared',
      headers: { 'X-RateLimit-Remaining': '9' },
    }).before()
    expect(reply).toMatchObject({
      status: 429,
      headers: {
        'retry-after': '2',
        'x-ratelimit-scope': 'shared',
        'x-ratelimit-remaining': '9',
      },
      body: '{"message":"The resource is being rate limited.","retry_after":1.5,"global":false}',
    })
  })

  it('answers 429 with nothing at all', async () => {
    expect(await world({ kind: 'rate-limit' }).before()).toEqual({
      status: 429,
      headers: {},
      body: undefined,
    })
  })

  it('answers Cloudflare’s page', async () => {
    const reply = await world({ kind: 'cloudflare' }).before()
    expect(reply).toMatchObject({ status: 429, headers: { server: 'cloudflare' } })
    expect(Object.keys((reply as OutgoingReply).headers).join()).not.toMatch(/rate|via|retry/)
  })

  it('drops before the work, or after it', async () => {
    const early = world({ kind: 'drop' })
    expect([await early.before(), await early.after()]).toEqual(['drop', sent])
    const late = world({ kind: 'drop', when: 'after' })
    expect([await late.before(), await late.after()]).toEqual([undefined, 'drop'])
  })

  it('lets the body trickle, or cuts it', async () => {
    const { after } = world(
      { kind: 'drip', chunkBytes: 2, intervalMs: 50 },
      { kind: 'truncate', keepBytes: 4 },
    )
    expect(await after()).toEqual({
      ...sent,
      drip: { chunkBytes: 2, intervalMs: 50 },
      keepBytes: 4,
    })
  })

  it('delays and goes on to the next rule', async () => {
    const { scheduler, before } = world(
      { kind: 'latency', delayMs: 100, jitterMs: 50 },
      { kind: 'status', status: 500 },
    )
    let reply: unknown
    const pending = before().then((answer) => {
      reply = answer
    })
    scheduler.advance(99)
    await Promise.resolve()
    expect(reply).toBeUndefined()
    scheduler.advance(51)
    await pending
    expect(reply).toMatchObject({ status: 500 })
  })

  it('stops waiting when the client goes', async () => {
    const { scheduler, before, after } = world(
      { kind: 'latency', delayMs: 1e9 },
      { kind: 'latency', delayMs: 1e9, when: 'after' },
    )
    const client = new AbortController()
    const pending = [before({ gone: client.signal }), after({ gone: client.signal })]
    client.abort()
    expect(await Promise.all(pending)).toEqual([undefined, sent])
    expect(await before({ gone: client.signal })).toBeUndefined()
    expect(scheduler.pending).toBe(0)
  })

  it('never answers until the client goes', async () => {
    const client = new AbortController()
    const { before, after } = world({ kind: 'hang' }, { kind: 'hang', when: 'after' })
    const pending = [before({ gone: client.signal }), after({ gone: client.signal })]
    client.abort()
    expect(await Promise.all(pending)).toEqual(['drop', 'drop'])
    expect(await before({ gone: client.signal })).toBe('drop')
  })
})

describe('a rule', () => {
  const status: Fault = { kind: 'status', status: 500 }

  it('hits so many requests, then is gone', async () => {
    const { faults, before } = world({ fault: status, count: 2 })
    expect(faults.active).toMatchObject([{ id: 1, hits: 0, count: 2 }])
    expect(await before()).toMatchObject({ status: 500 })
    expect(await before()).toMatchObject({ status: 500 })
    expect(await before()).toBeUndefined()
    expect(faults.active).toEqual([])
  })

  it('is not spent by a request that an earlier rule ends', async () => {
    const { faults, before } = world(status, { fault: { kind: 'drop' }, count: 1 })
    await before()
    expect(faults.active[1]).toMatchObject({ hits: 0 })
  })

  it('expires', async () => {
    const { scheduler, before } = world({ fault: status, forMs: 1_000 })
    scheduler.advance(999)
    expect(await before()).toMatchObject({ status: 500 })
    scheduler.advance(1)
    expect(await before()).toBeUndefined()
  })

  it('hits its share of the requests, the same ones for the same seed', async () => {
    const run = async () => {
      const { before } = world({ fault: status, share: 0.2 })
      const hits: boolean[] = []
      for (let index = 0; index < 1_000; index++) hits.push((await before()) !== undefined)
      return hits
    }
    const hits = await run()
    expect(hits.filter(Boolean).length).toBeGreaterThan(160)
    expect(hits.filter(Boolean).length).toBeLessThan(240)
    expect(await run()).toEqual(hits)
  })

  it('can be taken back, and leaves no event', async () => {
    const { scheduler, faults, before } = world({ fault: status, forMs: 1_000 }, status)
    expect(faults.remove(1)).toBe(true)
    expect(faults.remove(1)).toBe(false)
    expect(scheduler.pending).toBe(0)
    faults.clear()
    expect(await before()).toBeUndefined()
  })
})

describe('a match', () => {
  it.each([
    [{}, true],
    [{ method: 'post' }, true],
    [{ method: 'GET' }, false],
    [{ service: 'messages' }, true],
    [{ service: 'voice' }, false],
    [{ priority: 'deferred' }, false],
    [{ route: '/channels/:channel/messages' }, true],
    [{ route: '/channels/:channel' }, false],
    [{ route: '/channels/*' }, true],
    [{ path: '/channels/1000000000000000001/*' }, true],
    [{ path: '/channels/2*' }, false],
    [{ client: 'mobile-*' }, true],
    [{ client: 'desktop-*' }, false],
    [{ client: 'mobile-*', method: 'GET' }, false],
  ] as const)('%j fits: %s', (match, fits) => {
    expect(isMatch(match, apiRequest())).toBe(fits)
  })
})

describe('a rule, as read from JSON', () => {
  it.each([
    [{}, 'rule needs fault'],
    [null, 'rule must be an object, got null'],
    [{ fault: null }, "rule: fault: kind must be 'status' | 'rate-limit'"],
    [{ fault: { kind: 'explode' } }, '\'truncate\', got "explode"'],
    [{ fault: { kind: 'status' } }, 'rule: fault needs status'],
    [
      { fault: { kind: 'status', status: 99 } },
      'rule: fault: status must be an integer from 200 to 599, got 99',
    ],
    [{ fault: { kind: 'drop', status: 500 } }, 'rule: fault has no status; it has kind, when'],
    [{ fault: { kind: 'drip', chunkBytes: 1 } }, 'rule: fault needs intervalMs'],
    [{ fault: { kind: 'drop' }, share: 2 }, 'rule: share must be a number from 0 to 1, got 2'],
    [{ fault: { kind: 'drop' }, match: { url: '/' } }, 'rule: match has no url; it has method'],
  ])('%j is refused', (rule, message) => {
    expect(() => readFaultRule(rule, 'rule')).toThrow(message)
  })
})
