import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { retryAfter } from '../../src/index.ts'
import { imf, NOW } from './fields.ts'

const IN_A_MINUTE = NOW + 60_000

describe('Retry-After that is well formed', () => {
  it.each([
    ['0', 0],
    ['7', 7_000],
    ['007', 7_000],
    ['  7 ', 7_000],
    ['\t7\t', 7_000],
    ['1.5', 1_500],
    ['64.57', 64_570],
    ['8.2', 8_200],
    ['1.0001', 1_001],
    ['0.30000000000000004', 301],
    ['2592000', 2_592_000_000],
    ['9999999999', 9_999_999_999_000],
    [`${(2 ** 33 + 1000) / 1000}`, 2 ** 33 + 1000],
  ])('reads the seconds of %j', (value, ms) => {
    expect(retryAfter(value, NOW)).toBe(ms)
  })

  it.each([
    ['IMF-fixdate', 'Sun, 22 Nov 2026 12:01:00 GMT'],
    ['RFC 850', 'Sunday, 22-Nov-26 12:01:00 GMT'],
    ['asctime, which is UTC wherever the client is', 'Sun Nov 22 12:01:00 2026'],
    ['a date with the wrong weekday', 'Mon, 22 Nov 2026 12:01:00 GMT'],
    ['a date with spaces around it', ' Sun, 22 Nov 2026 12:01:00 GMT  '],
    ['a leap second', 'Sun, 22 Nov 2026 12:00:60 GMT'],
  ])('reads %s', (_, value) => {
    expect(retryAfter(value, NOW)).toBe(60_000)
  })

  it('takes a date that has passed for no wait', () => {
    expect(retryAfter('Wed, 21 Oct 2015 07:28:00 GMT', NOW)).toBe(0)
  })

  it.each(['7, 9', '9,7', '7 ,\t9'])(
    'takes the longest of several lines, %j, so that no proxy shortens another’s wait',
    (value) => {
      expect(retryAfter(value, NOW)).toBe(9_000)
    },
  )
})

describe('Retry-After by a clock that is wrong', () => {
  it.each([
    ['an hour ahead', 3_600_000],
    ['an hour behind', -3_600_000],
    ['a day ahead', 86_400_000],
    ['a day behind', -86_400_000],
  ])('waits 5 s when the server is %s', (_, skewMs) => {
    const server = NOW + skewMs
    expect(retryAfter(imf(server + 5_000), NOW, imf(server))).toBe(5_000)
  })

  it.each([null, undefined, '', 'x', '0', 'Sun, 31 Feb 2026 12:00:00 GMT'])(
    'falls back on the local clock when Date is %j',
    (date) => {
      expect(retryAfter(imf(IN_A_MINUTE), NOW, date)).toBe(60_000)
      expect(retryAfter(imf(NOW - 3_600_000), NOW, date)).toBe(0)
    },
  )

  it('needs neither clock to be right', () => {
    const second = fc.integer({ min: 0, max: 4e9 })
    fc.assert(
      fc.property(second, second, fc.integer({ min: 0, max: 1e8 }), (server, client, wait) => {
        const at = imf((server + wait) * 1000)
        expect(retryAfter(at, client * 1000, imf(server * 1000))).toBe(wait * 1000)
      }),
    )
  })
})

describe('Retry-After that is malformed', () => {
  it.each([
    '-5',
    '1e12',
    '0x10',
    '+5',
    '120s',
    '60 seconds',
    'Infinity',
    'NaN',
    'null',
    '[object Object]',
    '',
    ' ',
    '.5',
    '5.',
    '1.2.3',
    '1_000',
    '1 000',
    '7;9',
    '7,',
    ',7',
    '7, soon',
    '"7"',
    '٧',
    '７',
    '\u00a07',
    '7\n',
    '00000000000007',
    '99999999999999',
    '9007199254740993',
    '9'.repeat(400),
    '2026-11-22T12:01:00Z',
    '2026-11-22 12:01:00',
    '11/22/2026 12:01:00',
    'Wed, 99 Foo 2099 99:99:99 GMT',
    'Sun, 31 Feb 2027 12:00:00 GMT',
    'Sun, 29 Feb 2027 12:00:00 GMT',
    'Sun, 22 Nov 2026 24:00:00 GMT',
    'Sun, 22 Nov 2026 12:60:00 GMT',
    'Sun, 22 Nov 2026 12:00:61 GMT',
    'Sun, 22 Nov 2026 12:01:00 EST',
    'Sun, 22 Nov 2026 12:01:00 +0100',
    'Sun, 22 Nov 2026 12:01:00',
    'Sun, 22 NOV 2026 12:01:00 GMT',
    'Sun, 22 Nov 26 12:01 GMT',
    'Sun, 22 Nov 12026 12:01:00 GMT',
    'Sun, 00 Nov 2026 12:01:00 GMT',
    'Sun Nov 22 12:01:00 2026 GMT',
    'Sun Nov 31 12:01:00 2026',
    'Sun Nov 22 12:::00 2026',
    'Sun, 22 Nov 2026 12:01:00 GMT, Sun, 22 Nov 2026 12:02:00 GMT',
  ])('ignores %j', (value) => {
    expect(retryAfter(value, NOW)).toBeUndefined()
  })

  it.each([null, undefined])('ignores %j', (value) => {
    expect(retryAfter(value, NOW)).toBeUndefined()
  })
})
