import { describe, expect, it } from 'vitest'
import { rateLimitDialect, rateLimitHints } from '../../src/index.ts'
import { fields, imf, NOW } from './fields.ts'

const hints = (entries: Record<string, string>, options?: Parameters<typeof rateLimitHints>[2]) =>
  rateLimitHints(fields(entries), NOW, options)

describe('the one precedence', () => {
  const all = {
    'retry-after': '1',
    ratelimit: '"a";r=0;t=2',
    'ratelimit-remaining': '0',
    'ratelimit-reset': '3',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset-after': '4.5',
    'x-ratelimit-reset': '5',
    'x-rate-limit-remaining': '0',
    'x-rate-limit-reset': '6',
  }
  const ranks = [
    ['retry-after', 1_000, 'retry-after'],
    ['ratelimit', 2_000, 'ratelimit'],
    ['ratelimit-reset', 3_000, 'ratelimit-remaining'],
    ['x-ratelimit-reset-after', 4_500, 'x-ratelimit-remaining'],
    ['x-ratelimit-reset', 5_000, 'x-ratelimit-remaining'],
    ['x-rate-limit-reset', 6_000, 'x-rate-limit-remaining'],
  ] as const

  it.each(ranks.map((rank, index) => [...rank, index] as const))(
    'reads %s when nothing above it is there',
    (_, retryAfterMs, source, index) => {
      const above = new Set<string>(ranks.slice(0, index).map(([name]) => name))
      const entries = Object.entries(all).filter(([name]) => !above.has(name))
      expect(hints(Object.fromEntries(entries))).toMatchObject({ retryAfterMs, source })
    },
  )

  it.each(ranks)(
    'finds %s alone among the names of headers that can list them',
    (name, ms, source) => {
      const headers = new Headers({
        date: imf(NOW),
        [name]: (all as Record<string, string>)[name] ?? '',
      })
      expect(rateLimitHints(headers, NOW)).toMatchObject({ retryAfterMs: ms, source })
    },
  )

  it.each(['RateLimit-Reset', 'X-RateLimit-Reset', 'X-Rate-Limit-Reset'])(
    'finds %s however the names are written',
    (name) => {
      const get = (asked: string) => (asked === name.toLowerCase() ? '9' : null)
      expect(rateLimitHints({ get, keys: () => ['Date', name] }, NOW)).toMatchObject({
        retryAfterMs: 9_000,
      })
    },
  )

  it('asks for no quota where no name speaks of one', () => {
    const entries = { date: imf(NOW), 'retry-after': '7', 'content-type': 'text/html' }
    const { reads, get } = fields(entries)
    expect(rateLimitHints({ get, keys: () => Object.keys(entries) }, NOW)).toMatchObject({
      retryAfterMs: 7_000,
    })
    expect(reads).toEqual(['retry-after', 'date'])
  })

  it('falls through a field that is malformed', () => {
    expect(hints({ ...all, 'retry-after': '-5', ratelimit: '"a";r=0;t=-1' })).toMatchObject({
      retryAfterMs: 3_000,
      source: 'ratelimit-remaining',
    })
  })

  it('takes the longer of Retry-After and the body', () => {
    const entries = { 'retry-after': '5' }
    expect(hints(entries, { body: { retry_after: 60 } })).toMatchObject({
      retryAfterMs: 60_000,
      source: 'body',
    })
    expect(hints(entries, { body: { retry_after: 4.57 } })).toMatchObject({
      retryAfterMs: 5_000,
      source: 'retry-after',
    })
    expect(hints({}, { body: { retry_after: 0 } })).toMatchObject({
      retryAfterMs: 0,
      source: 'body',
    })
  })

  it('never lets a reset shorten Retry-After, as in Discord’s shared limit', () => {
    expect(
      hints({
        'retry-after': '1337',
        'x-ratelimit-limit': '10',
        'x-ratelimit-remaining': '9',
        'x-ratelimit-reset': '1470173023.123',
        'x-ratelimit-reset-after': '64.57',
        'x-ratelimit-bucket': 'abcd1234',
        'x-ratelimit-scope': 'shared',
      }),
    ).toEqual({
      retryAfterMs: 1_337_000,
      source: 'retry-after',
      dialect: 'x-ratelimit-remaining',
      limit: 10,
      remaining: 9,
      resetAfterMs: 64_570,
      bucket: 'abcd1234',
      scope: 'shared',
    })
  })

  it('reads Discord’s global limit, which has no quota', () => {
    const entries = {
      'retry-after': '65',
      'x-ratelimit-global': 'true',
      'x-ratelimit-scope': 'global',
    }
    expect(hints(entries)).toMatchObject({ retryAfterMs: 65_000, global: true, scope: 'global' })
  })

  it('corrects Retry-After by Date', () => {
    const server = NOW + 3_600_000
    const entries = { date: imf(server), 'retry-after': imf(server + 5_000) }
    expect(hints(entries)).toMatchObject({ retryAfterMs: 5_000 })
  })
})

describe('a reset', () => {
  it.each([
    ['none remains', { 'ratelimit-remaining': '0', 'ratelimit-reset': '30' }],
    ['the server does not say', { 'ratelimit-reset': '30' }],
    ['the server says it badly', { 'ratelimit-remaining': '-1', 'ratelimit-reset': '30' }],
    ['a small X-RateLimit-Reset stands alone', { 'x-ratelimit-reset': '30' }],
    ['the RateLimit field says so', { ratelimit: '"default";r=0;t=30' }],
    ['two policies are used up', { ratelimit: '"a";r=0;t=5, "b";r=0;t=30' }],
  ])('is a wait when %s', (_, entries) => {
    expect(hints(entries)).toMatchObject({ retryAfterMs: 30_000, resetAfterMs: 30_000 })
  })

  it('is no wait while quota remains, as in GitHub’s 502 with 4,998 left', () => {
    const entries = {
      'x-ratelimit-remaining': '4998',
      'x-ratelimit-reset': `${NOW / 1000 + 3000}`,
    }
    const found = hints(entries)
    expect(found).toMatchObject({ resetAfterMs: 3_000_000, source: 'x-ratelimit-remaining' })
    expect(found?.retryAfterMs).toBeUndefined()
  })

  it('comes from one family, never mixed with the quota of another', () => {
    expect(
      hints({ ratelimit: '"a";r=5', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '30' }),
    ).toMatchObject({ remaining: 0, retryAfterMs: 30_000, dialect: 'x-ratelimit-remaining' })
    expect(hints({ ratelimit: '"a";r=5', 'x-ratelimit-remaining': '7' })).toMatchObject({
      remaining: 5,
      dialect: 'ratelimit',
    })
  })
})

describe('a cached response', () => {
  const entries = { ratelimit: '"a";r=0;t=30' }

  it.each(['1', '3600'])('has no say about quota at Age: %s', (age) => {
    expect(hints({ ...entries, age })).toBeUndefined()
    expect(hints({ ...entries, age }, { ok: true })).toBeUndefined()
    expect(hints({ ...entries, age, 'retry-after': '5' })).toEqual({
      retryAfterMs: 5_000,
      source: 'retry-after',
    })
  })

  it.each(['0', '-1', 'x', ''])('is not one at Age: %j', (age) => {
    expect(hints({ ...entries, age })).toMatchObject({ retryAfterMs: 30_000 })
  })
})

describe('the success path', () => {
  const github = { 'x-ratelimit-remaining': '7', 'x-ratelimit-reset': `${NOW / 1000 + 60}` }

  it('reads four fields of a response that has none, and one once the family is known', () => {
    const headers = fields({ 'retry-after': '5' })
    expect(rateLimitHints(headers, NOW, { ok: true })).toBeUndefined()
    expect(headers.reads).toHaveLength(4)
    headers.reads.length = 0
    expect(
      rateLimitHints(headers, NOW, { ok: true, dialect: 'x-ratelimit-remaining' }),
    ).toBeUndefined()
    expect(headers.reads).toEqual(['x-ratelimit-remaining'])
    headers.reads.length = 0
    expect(rateLimitHints(headers, NOW, { ok: true, dialect: 'ratelimit' })).toBeUndefined()
    expect(headers.reads).toEqual(['ratelimit'])
  })

  it('reads the quota, but neither scope nor global', () => {
    const headers = fields({
      ...github,
      'x-ratelimit-reset-after': '1.5',
      'x-ratelimit-bucket': 'b',
      'x-ratelimit-scope': 'user',
    })
    const options = { ok: true, dialect: 'x-ratelimit-remaining' } as const
    expect(rateLimitHints(headers, NOW, options)).toEqual({
      remaining: 7,
      resetAfterMs: 1_500,
      bucket: 'b',
      source: 'x-ratelimit-remaining',
      dialect: 'x-ratelimit-remaining',
    })
    expect(headers.reads).toEqual([
      'x-ratelimit-remaining',
      'x-ratelimit-limit',
      'x-ratelimit-reset-after',
      'x-ratelimit-bucket',
      'age',
    ])
  })

  it('says when to come back once the quota is used up', () => {
    expect(hints({ ...github, 'x-ratelimit-remaining': '0' }, { ok: true })).toMatchObject({
      retryAfterMs: 60_000,
    })
  })

  it('looks at every family of a refusal, whatever the server is known to send', () => {
    expect(hints({ 'ratelimit-reset': '9' }, { dialect: 'x-ratelimit-remaining' })).toMatchObject({
      retryAfterMs: 9_000,
    })
  })

  it.each([
    'ratelimit',
    'ratelimit-remaining',
    'x-ratelimit-remaining',
    'x-rate-limit-remaining',
  ] as const)('tells the family by %s', (field) => {
    expect(rateLimitDialect(fields({ [field]: '0' }))).toBe(field)
  })

  it('finds nothing in headers that say nothing', () => {
    expect(hints({})).toBeUndefined()
    expect(hints({ 'content-type': 'text/html' }, { body: '<html>' })).toBeUndefined()
  })
})
