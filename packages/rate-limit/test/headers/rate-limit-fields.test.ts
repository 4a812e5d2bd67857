import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rateLimitFields } from '../../src/index.ts'
import { fields, imf, NOW } from './fields.ts'

const read = (ratelimit: string, policy?: string) =>
  rateLimitFields(fields({ ratelimit, ...(policy && { 'ratelimit-policy': policy }) }), NOW)

describe('RateLimit, draft -08 and later', () => {
  it('reads remaining, reset and the policy’s name', () => {
    expect(read('"default";r=50;t=30')).toEqual({
      policy: 'default',
      remaining: 50,
      resetAfterMs: 30_000,
    })
  })

  it('joins what RateLimit-Policy says of the same policy', () => {
    expect(read('"burst";r=5;t=30', '"daily";q=1000;w=86400, "burst";q=100;w=60')).toEqual({
      policy: 'burst',
      limit: 100,
      remaining: 5,
      resetAfterMs: 30_000,
      windowMs: 60_000,
    })
  })

  it('reads partition keys, strings, tokens, flags and unknown parameters as comments', () => {
    const value =
      '"peruser";pk=:sdfjLJUOUH==:;r=9; x;y="a, \\"b\\"; r=0";z=?0;d=@1659578233;k=a/b;t=3'
    expect(read(value)).toMatchObject({ policy: 'peruser', remaining: 9, resetAfterMs: 3_000 })
  })

  it('unescapes a policy’s name', () => {
    expect(read('"a \\"b\\" \\\\c";r=1')?.policy).toBe('a "b" \\c')
  })

  it('takes the last of a repeated parameter', () => {
    expect(read('"a";r=1;r=2')?.remaining).toBe(2)
  })

  it.each([
    ['the least remaining', '"a";r=10;t=60, "b";r=3;t=5', 'b'],
    ['the longest reset of those with as little left', '"a";r=0;t=10,"b";r=0;t=30 , "c";r=0', 'b'],
    ['what is used up over what resets later', '"a";r=1;t=60,"b";r=0;t=5', 'b'],
  ])('keeps to %s', (_, value, policy) => {
    expect(read(value)?.policy).toBe(policy)
  })

  it('heeds a quota in other units only once it is used up', () => {
    const policy = '"bytes";q=65535;qu="content-bytes";w=10, "default";q=100'
    expect(read('"bytes";r=2, "default";r=50', policy)).toMatchObject({ limit: 100, remaining: 50 })
    expect(read('"bytes";r=2', policy)).toBeUndefined()
    expect(read('"bytes";r=0;t=10, "default";r=50', policy)).toEqual({
      policy: 'bytes',
      remaining: 0,
      resetAfterMs: 10_000,
      windowMs: 10_000,
    })
  })

  it.each([
    '"a";q=-1;w=60',
    '"a";q=1.5;w=0',
    '"a";q',
    '"a',
    '"b";q=100;w=60',
    'a;q=100;w=60',
    '(“a”);q=100',
  ])('does without the policy %s', (policy) => {
    const quota = rateLimitFields(
      { get: (name) => ({ ratelimit: '"a";r=1', 'ratelimit-policy': policy })[name] ?? null },
      NOW,
    )
    expect(quota).toMatchObject({ remaining: 1, limit: undefined })
  })

  it('reads any list as a server would write it', () => {
    const item = fc.record({
      name: fc.string({ unit: fc.constantFrom(...'ab ,;="\\:()~!') }),
      r: fc.nat(),
      t: fc.integer({ min: 0, max: 1e8 }),
    })
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 9 }), (items) => {
        const text = items
          .map(({ name, r, t }) => `"${name.replace(/["\\]/g, '\\$&')}";r=${r};pk=:Zm9v:;t=${t}`)
          .join(', ')
        const [worst] = [...items].sort((a, b) => a.r - b.r || b.t - a.t)
        expect(read(text)).toMatchObject({
          remaining: worst?.r,
          resetAfterMs: (worst?.t ?? 0) * 1000,
        })
      }),
    )
  })
})

describe('RateLimit that is malformed', () => {
  it('drops a list of more than 32 members', () => {
    const list = (members: number) => Array(members).fill('"a";r=1').join()
    expect(read(list(32))).toMatchObject({ remaining: 1 })
    expect(read(list(33))).toBeUndefined()
  })

  it('joins no policy from a list of more than 32', () => {
    const policies = Array.from({ length: 32 }, (_, index) => `"${index}";q=${index}`).join()
    expect(read('"31";r=1', policies)).toMatchObject({ limit: 31 })
    expect(read('"31";r=1', `${policies},"32"`)).toMatchObject({ limit: undefined })
  })

  it.each([
    '"a";t=-1',
    '"a";r=0;t=-1',
    '"a";r=0;t=',
    '"a";r=0;t=9999999999999999',
    '"a";r=0;t=999999999999999',
    '"a";r=0;t=1.5',
    '"a";r=0;t="30"',
    '"a;r=0;t=30',
    '"a";r=0;t=30, "b',
    '"a";r=0;t=30, "b";r=x',
    '"a";r=0;t=30, "b";t=30',
    '"a";r=0;t=30,',
    ',"a";r=0',
    '"a";r=0;;t=30',
    '"a";r=0;5',
    '"a";r=0;"t"',
    '"a";r=0;pk=:YQ==',
    '"a" ;r=0',
    '"a"r=0',
    '"a";R=0',
    '"a";r=0x1',
    '"a";r=1e3',
    '"a";r=-1',
    '"a";r=+1',
    '"a";r=@1',
    '"a";r',
    '"a"',
    'a;r=0',
    '1;r=0',
    '("a" "b");r=0',
    ':YQ==:;r=0',
    '"\\a";r=0',
    '"a\tb";r=0',
    '"é";r=0',
    '{"r":0}',
    '"a";__proto__=0',
    '"a";r=0, limit=5',
    'limit=5, "a";r=0',
    ';r=0',
    '0',
  ])('drops the whole field: %s', (value) => {
    expect(read(value)).toBeUndefined()
  })
})

describe('RateLimit, draft -07', () => {
  it('reads the dictionary', () => {
    expect(read('limit=100, remaining=50, reset=5', '10;w=1, 100;w=60')).toEqual({
      limit: 100,
      remaining: 50,
      resetAfterMs: 5_000,
      windowMs: 60_000,
    })
  })

  it.each([
    'limit=100, reset=5',
    'remaining=-1, reset=5',
    'remaining=1, reset=soon',
    'remaining=1 reset=5',
    'remaining=1,, reset=5',
    'Remaining=1',
    'a;remaining="1"',
    '100;r=1',
  ])('ignores %s', (value) => {
    expect(read(value)).toBeUndefined()
  })
})

describe('RateLimit-*, draft -06 and earlier', () => {
  it('reads the three fields', () => {
    const headers = fields({
      'ratelimit-limit': '100, 100;w=10',
      'ratelimit-remaining': '0',
      'ratelimit-reset': '30',
    })
    expect(rateLimitFields(headers, NOW)).toEqual({
      limit: 100,
      remaining: 0,
      resetAfterMs: 30_000,
    })
  })

  it.each([
    ['seconds from now', '60'],
    ['epoch seconds', `${NOW / 1000 + 60}`],
    ['epoch milliseconds', `${NOW + 60_000}`],
  ])('reads a reset in %s', (_, reset) => {
    const headers = fields({ 'ratelimit-reset': reset })
    expect(rateLimitFields(headers, NOW)?.resetAfterMs).toBe(60_000)
  })

  it('counts an epoch from the server’s own clock', () => {
    const server = NOW - 3_600_000
    const headers = fields({ 'ratelimit-reset': `${server / 1000 + 5}`, date: imf(server) })
    expect(rateLimitFields(headers, NOW)?.resetAfterMs).toBe(5_000)
  })

  it('stands in for a RateLimit field that is malformed', () => {
    const headers = fields({ ratelimit: '"a";r=x', 'ratelimit-remaining': '4' })
    expect(rateLimitFields(headers, NOW)).toEqual({ remaining: 4 })
  })

  it('is undefined without any field', () => {
    expect(rateLimitFields(fields({}), NOW)).toBeUndefined()
  })
})
