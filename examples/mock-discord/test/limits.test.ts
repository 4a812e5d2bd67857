import { describe, expect, it } from 'vitest'
import { type LimitedRequest, Limits, type LimitsOptions } from '../src/limits/limits.ts'

const start = 1_800_000_000_000
const post = 'POST /channels/:channel/messages'
const patchChannel = 'PATCH /channels/:channel'

function world(options?: LimitsOptions) {
  const clock = { now: start }
  const limits = new Limits(() => clock.now, options)
  const take = (request: Partial<LimitedRequest> = {}) =>
    limits.take({ credential: 'Bot a', rule: post, major: '1', ...request })
  const status = (request?: Partial<LimitedRequest>) => take(request).reply?.status ?? 'passed'
  return { clock, limits, take, status }
}

describe('buckets', () => {
  it('tell of themselves in headers with fractions of a second', () => {
    const { clock, limits, take } = world()
    clock.now = start + 0.5
    const { bucket } = take()
    clock.now = start + 250.5
    expect(bucket && limits.headers(bucket)).toEqual({
      'x-ratelimit-limit': '5',
      'x-ratelimit-remaining': '4',
      'x-ratelimit-reset': '1800000005.001',
      'x-ratelimit-reset-after': '4.750',
      'x-ratelimit-bucket': expect.stringMatching(/^[0-9a-f]{32}$/),
    })
  })

  it('have one hash for all routes and channels that share a rule, and counts for each channel', () => {
    const { take } = world()
    const sent = take({ major: '1' }).bucket
    const edited = take({ rule: 'PATCH /channels/:channel/messages/:message', major: '1' }).bucket
    const elsewhere = take({ major: '2' }).bucket
    expect(edited?.hash).toBe(sent?.hash)
    expect(elsewhere?.hash).toBe(sent?.hash)
    expect([sent, edited, elsewhere].map((bucket) => bucket?.remaining)).toEqual([4, 3, 4])
  })

  it('count each credential apart', () => {
    const { status } = world({ routes: { [post]: { limit: 1, windowMs: 1_000 } } })
    expect([status(), status({ credential: 'Bot b' }), status()]).toEqual(['passed', 'passed', 429])
  })

  it('answer exactly as Discord does when they are empty', () => {
    const { clock, take } = world({ routes: { [post]: { limit: 1, windowMs: 65_000 } } })
    take()
    clock.now += 430
    expect(take().reply).toEqual({
      status: 429,
      headers: {
        'content-type': 'application/json',
        'x-ratelimit-limit': '1',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': '1800000065.000',
        'x-ratelimit-reset-after': '64.570',
        'x-ratelimit-bucket': expect.stringMatching(/^[0-9a-f]{32}$/),
        'x-ratelimit-scope': 'user',
        'retry-after': '65',
        via: '1.1 google',
      },
      body: '{"message":"You are being rate limited.","retry_after":64.57,"global":false}',
    })
  })

  it('give routes nobody captured a wide bucket of their own', () => {
    const { take } = world()
    const { bucket } = take({ rule: 'GET /users/@me', major: 'global' })
    expect(bucket?.limit).toBe(50)
  })

  it('count old messages in the bucket of new ones too', () => {
    const { take } = world()
    const replies = Array.from({ length: 6 }, () => take({ rule: 'message-delete-old' }))
    expect(replies.slice(0, 5).every(({ bucket }) => bucket?.limit === 30)).toBe(true)
    expect(replies[5]?.reply?.headers['x-ratelimit-limit']).toBe('5')
  })
})

describe('sub-limits', () => {
  const rename = { rule: patchChannel, fields: () => ({ name: 'x' }) }

  it('refuse the third rename in ten minutes, with the outer bucket in the headers', () => {
    const { clock, take } = world()
    take(rename)
    take(rename)
    clock.now += 18_000
    const { reply } = take(rename)
    expect(reply?.status).toBe(429)
    expect(reply?.headers).toMatchObject({
      'x-ratelimit-limit': '5',
      'x-ratelimit-remaining': '4',
      'x-ratelimit-scope': 'user',
      'retry-after': '582',
    })
    expect(JSON.parse(reply?.body ?? '')).toMatchObject({ retry_after: 582, global: false })
  })

  it('do not touch other changes of the same channel', () => {
    const { take, status } = world()
    take(rename)
    take(rename)
    expect(status({ rule: patchChannel, fields: () => ({ nsfw: true }) })).toBe('passed')
  })
})

describe('the global limit', () => {
  it('refuses the 51st request of a second, whatever its route, with no bucket in the headers', () => {
    const { clock, take, status } = world()
    for (let index = 0; index < 50; index++) {
      expect(status({ major: String(index) })).toBe('passed')
    }
    clock.now += 400
    expect(take({ rule: 'GET /users/@me' }).reply).toEqual({
      status: 429,
      headers: {
        'content-type': 'application/json',
        'retry-after': '1',
        'x-ratelimit-global': 'true',
        'x-ratelimit-scope': 'global',
        via: '1.1 google',
      },
      body: '{"message":"You are being rate limited.","retry_after":0.6,"global":true}',
    })
    expect(status({ credential: 'Bot b' })).toBe('passed')
    clock.now += 600
    expect(status({ major: 'next' })).toBe('passed')
  })

  it('slides when asked to', () => {
    const { clock, status } = world({ global: { limit: 2, windowMs: 1_000, algorithm: 'sliding' } })
    const at = (ms: number) => {
      clock.now = start + ms
      return status({ major: String(ms) })
    }
    expect([at(0), at(900), at(1_000), at(1_100)]).toEqual(['passed', 'passed', 'passed', 429])
  })
})

describe('shared limits', () => {
  it('refuse one resource while they last, with a reset that is not the wait', () => {
    const { clock, limits, take, status } = world()
    limits.forceShared(post, 1_337_000, '1')
    const { reply } = take()
    expect(reply?.headers).toMatchObject({
      'x-ratelimit-scope': 'shared',
      'x-ratelimit-remaining': '4',
      'x-ratelimit-reset-after': '5.000',
      'retry-after': '1337',
    })
    expect(reply?.body).toBe(
      '{"message":"The resource is being rate limited.","retry_after":1337,"global":false}',
    )
    expect(status({ major: '2' })).toBe('passed')
    clock.now += 1_337_000
    expect(status()).toBe('passed')
  })

  it('refuse every resource of a route when none is named', () => {
    const { limits, status } = world()
    limits.forceShared(post, 1_000)
    expect([status({ major: '1' }), status({ major: '2' })]).toEqual([429, 429])
  })
})

describe('invalid requests', () => {
  it('ban an address after too many, with a page that has no header to go by', () => {
    const { clock, limits } = world({ invalid: { limit: 3, windowMs: 1_000, banMs: 5_000 } })
    const refuse = (status: number) => limits.answered('10.0.0.1', status, {})
    refuse(401)
    refuse(403)
    expect(limits.edge('10.0.0.1')).toBeUndefined()
    refuse(429)
    const page = limits.edge('10.0.0.1')
    expect(page?.status).toBe(429)
    expect(page?.headers).toEqual({
      'content-type': 'text/html; charset=UTF-8',
      server: 'cloudflare',
    })
    expect(limits.edge('10.0.0.2')).toBeUndefined()
    clock.now += 5_000
    expect(limits.edge('10.0.0.1')).toBeUndefined()
  })

  it('count within a window, and only what is invalid', () => {
    const { clock, limits } = world({ invalid: { limit: 2, windowMs: 1_000, banMs: 5_000 } })
    limits.answered('ip', 429, {})
    limits.answered('ip', 404, {})
    limits.answered('ip', 200, {})
    limits.answered('ip', 429, { 'x-ratelimit-scope': 'shared' })
    clock.now += 1_000
    limits.answered('ip', 429, {})
    expect(limits.edge('ip')).toBeUndefined()
    limits.answered('ip', 429, {})
    expect(limits.edge('ip')?.status).toBe(429)
  })

  it('ban and pardon by hand', () => {
    const { limits } = world()
    limits.ban('ip', 1_000)
    expect(limits.edge('ip')?.status).toBe(429)
    limits.ban('ip', 0)
    expect(limits.edge('ip')).toBeUndefined()
  })
})

describe('changes at run time', () => {
  it('start a rule anew with the limit that was set, and go back on reset', () => {
    const { limits, take, status } = world()
    limits.set(post, { limit: 1, windowMs: 1_000 })
    expect([status(), status()]).toEqual(['passed', 429])
    limits.set('message-write', { limit: 2, windowMs: 1_000 })
    expect(status()).toBe('passed')
    limits.setGlobal({ limit: 0, windowMs: 1_000 })
    expect(status()).toBe(429)
    limits.reset()
    expect(take().bucket).toMatchObject({ limit: 5, remaining: 4 })
  })

  it('can switch every limit off', () => {
    const { limits, take } = world({ enabled: false, global: { limit: 0, windowMs: 1 } })
    limits.ban('ip', 1_000)
    expect(take()).toEqual({})
    expect(limits.edge('ip')).toBeUndefined()
  })

  it('count what was refused and why', () => {
    const { limits, take } = world({ routes: { [post]: { limit: 1, windowMs: 1_000 } } })
    take()
    take()
    limits.forceShared(post, 1_000)
    take()
    limits.setGlobal({ limit: 0, windowMs: 1_000 })
    take()
    expect(limits.counters).toMatchObject({ passed: 1, user: 1, shared: 1, global: 1, sub: 0 })
  })

  it.each([
    [
      'GET /x',
      { limit: -1, windowMs: 1 },
      'limits: limit of GET /x must be a whole number ≥ 0, got -1',
    ],
    [
      'GET /x',
      { limit: 1.5, windowMs: 1 },
      'limits: limit of GET /x must be a whole number ≥ 0, got 1.5',
    ],
    ['GET /x', { limit: 1, windowMs: 0 }, 'limits: windowMs of GET /x must be > 0, got 0'],
    ['typo', { limit: 1, windowMs: 1 }, 'limits: there is no rule or route typo'],
  ])('refuse to set %s to %o', (route, limit, message) => {
    const { limits } = world()
    expect(() => limits.set(route, limit)).toThrow(new RangeError(message))
  })
})
