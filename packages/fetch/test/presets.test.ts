import { run } from '@evenkeel/core'
import { manualClock } from '@evenkeel/core/testing'
import { describe, expect, it } from 'vitest'
import { discord, discordRoute } from '../src/discord.ts'
import { github, githubRoute } from '../src/github.ts'
import { preset } from '../src/index.ts'
import { failure, limited, url, world } from './world.ts'

const origin = 'https://discord.com'
const wallMs = Date.UTC(2022, 0, 25, 16, 47)
/** The id of a message sent so long ago. */
const sentAgo = (ageMs: number): bigint => BigInt(wallMs - ageMs - 1_420_070_400_000) << 22n
const token = 'aW50ZXJhY3Rpb246MTIzNDU2Nzg5MDEyMzQ1Njc4OTphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5eg'

describe('routes of Discord', () => {
  const routeOf = (method: string, path: string): string =>
    discordRoute({ method, url: origin + path, origin }, wallMs)

  it.each([
    ['GET', '/api/v10/gateway', 'GET /gateway#'],
    ['GET', '/api/gateway/bot', 'GET /gateway/bot#'],
    [
      'POST',
      '/api/v10/channels/41771983423143937/messages',
      'POST /channels/:id/messages#41771983423143937',
    ],
    [
      'PATCH',
      '/api/v10/channels/41771983423143937/messages/41771983423143999?x=1',
      'PATCH /channels/:id/messages/:id#41771983423143937',
    ],
    [
      'PUT',
      '/api/v10/channels/41771983423143937/messages/41771983423143999/reactions/%F0%9F%94%A5/@me',
      'PUT /channels/:id/messages/:id/reactions#41771983423143937',
    ],
    [
      'POST',
      `/api/v10/webhooks/41771983423143937/${token}`,
      'POST /webhooks/:id/:token#41771983423143937.16w7shb',
    ],
    ['GET', '/api/v10/guilds/41771983423143937', 'GET /guilds/:id#41771983423143937'],
    ['GET', '/api/v10/users/%', 'GET /users/%#'],
  ])('%s %s', (method, path, route) => {
    expect(routeOf(method, path)).toBe(route)
  })

  it('keep webhooks apart by their token without telling it', () => {
    const other = routeOf('POST', `/api/v10/webhooks/41771983423143937/${token.replace('Q', 'R')}`)
    expect(other).not.toBe(routeOf('POST', `/api/v10/webhooks/41771983423143937/${token}`))
    expect(other).not.toContain('W50ZXJhY3Rpb246')
  })

  it('tell deletes apart by the age of the message', () => {
    const routes = [1000, 60_000, 20 * 86_400_000].map((ageMs) =>
      routeOf('DELETE', `/api/v10/channels/41771983423143937/messages/${sentAgo(ageMs)}`),
    )
    expect(routes).toEqual(
      ['new', 'aged', 'old'].map(
        (age) => `DELETE /channels/:id/messages/:id ${age}#41771983423143937`,
      ),
    )
  })
})

const channel = (id: number): string => `${origin}/api/v10/channels/4177198342314393${id}/messages`

/** Discord's headers for a bucket. */
const bucket = (remaining: number, resetAfter: number): Record<string, string> => ({
  'x-ratelimit-bucket': 'abcd1234',
  'x-ratelimit-limit': '5',
  'x-ratelimit-remaining': String(remaining),
  'x-ratelimit-reset-after': String(resetAfter),
})

describe('discord()', () => {
  it('keeps channels apart that share a bucket’s name', async () => {
    const clock = manualClock()
    const { fetch, sent } = world(
      [
        () => new Response('sent', { headers: bucket(0, 5) }),
        () => new Response('sent', { headers: bucket(0, 5) }),
        200,
      ],
      discord({ clock }),
      clock,
    )
    const post = { method: 'POST', body: '{}' }
    await fetch(channel(1), post)
    await fetch(channel(2), post)
    expect(sent.map(({ atMs }) => atMs)).toEqual([0, 0])
    const third = fetch(channel(1), post)
    await clock.advance(4999)
    expect(sent).toHaveLength(2)
    await clock.runAll()
    expect((await third).status).toBe(200)
  })

  it('sends a POST again after a 429, which has done nothing', async () => {
    const clock = manualClock()
    const refusal = limited(429, { 'retry-after': '1', ...bucket(0, 1) })
    const { fetch, sent } = world([refusal, 200], discord({ clock }), clock)
    const outcome = fetch(channel(1), { method: 'POST', body: '{}' })
    await clock.runAll()
    expect((await outcome).status).toBe(200)
    expect(sent[1]?.atMs).toBeGreaterThanOrEqual(1000)
  })

  it('stops everything well before Discord’s ban, and says until when', async () => {
    const clock = manualClock()
    const { fetch, sent } = world(
      [() => new Response('no', { status: 403 })],
      discord({ clock, globalPerSecond: 10_000 }),
      clock,
    )
    let codes = new Set<unknown>()
    for (let call = 0; call < 5100; call++)
      codes = codes.add(
        await fetch(channel(1), { method: 'POST' }).then(
          ({ status }) => status,
          ({ code }) => code,
        ),
      )
    expect([...codes]).toEqual([403, 'TOO_MANY_INVALID'])
    expect(sent).toHaveLength(5000)
    const error = await failure(fetch(channel(2)))
    expect(error.retryAt?.getTime()).toBeGreaterThan(clock.wallNow())
    await clock.advance(600_001)
    expect((await fetch(channel(2))).status).toBe(403)
  })

  it('lets no more than the global limit start in a second', async () => {
    const clock = manualClock()
    const { fetch, sent } = world([200], discord({ clock, globalPerSecond: 20 }), clock)
    const calls = Array.from({ length: 60 }, (_, call) => fetch(`${origin}/api/users/${call}`))
    await clock.runAll()
    await Promise.all(calls)
    for (let call = 20; call < 60; call++) {
      const window = (sent[call]?.atMs as number) - (sent[call - 20]?.atMs as number)
      expect(window).toBeGreaterThanOrEqual(1000)
    }
  })

  it('refuses a global limit that is none', () => {
    expect(() => world([200], discord({ globalPerSecond: 0 })).fetch(url)).toThrow(RangeError)
  })
})

describe('github()', () => {
  it('counts searches, code searches and GraphQL apart from the rest', () => {
    const routes = [
      '/search/code?q=x',
      '/search/issues',
      '/graphql',
      '/api/graphql',
      '/repos/a/b',
      '/api/v3/search/users',
    ]
    expect(routes.map((path) => githubRoute({ method: 'GET', url: path, origin: '' }))).toEqual([
      'search/code',
      'search',
      'graphql',
      'graphql',
      'core',
      'search',
    ])
  })

  const api = 'https://api.github.com/repos/a/b'
  const quota = (remaining: number, inS: number): Record<string, string> => ({
    'x-ratelimit-limit': '60',
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(wallMs / 1000 + inS),
  })

  it('paces the primary limit: nothing is sent until it is reset', async () => {
    const { fetch, sent, clock } = world(
      [() => new Response('last', { headers: quota(0, 30) }), 200],
      github(),
    )
    await fetch(api)
    const next = fetch(api)
    const search = fetch('https://api.github.com/search/issues?q=x')
    await clock.advance(0)
    expect((await search).status).toBe(200)
    expect(sent).toHaveLength(2)
    await clock.advance(29_999)
    expect(sent).toHaveLength(2)
    await clock.runAll()
    expect((await next).status).toBe(200)
  })

  it.each([
    ['Retry-After', { 'retry-after': '20' }],
    ['no requests left', quota(0, 20)],
  ])('waits out a 403 that says %s, of a POST as well', async (_, headers) => {
    const { fetch, sent, clock } = world([limited(403, headers), 200], github())
    const outcome = fetch(api, { method: 'POST', body: '{}' })
    await clock.runAll()
    expect((await outcome).status).toBe(200)
    expect(sent[1]?.atMs).toBeGreaterThanOrEqual(20_000)
  })

  it.each([{}, quota(57, 3600)])('returns any other 403 at once: %j', async (headers) => {
    const { fetch, sent, clock } = world([limited(403, headers)], github())
    expect((await fetch(api)).status).toBe(403)
    expect(sent).toHaveLength(1)
    expect(clock.now()).toBe(0)
  })
})

describe('preset()', () => {
  it('gives anything else the same deadline, retries and limits', async () => {
    const clock = manualClock()
    let attempts = 0
    const policies = preset({ clock, attemptTimeoutMs: 1000, totalTimeoutMs: 60_000 })
    const outcome = run(policies, async () => {
      if (++attempts === 1) await new Promise(() => {})
      return 'done'
    })
    await clock.runAll()
    expect(await outcome).toBe('done')
    expect(attempts).toBe(2)
    expect(policies.name).toBe('deadline → retry → rateLimit → circuitBreaker → timeout')
    expect(clock.pending).toBe(0)
  })

  it('ends a call at its deadline', async () => {
    const clock = manualClock()
    const outcome = run(preset({ clock, totalTimeoutMs: 500 }), () => new Promise(() => {}))
    const error = failure(outcome)
    await clock.runAll()
    expect((await error).code).toBe('DEADLINE_EXCEEDED')
    expect(clock.now()).toBe(500)
  })
})
