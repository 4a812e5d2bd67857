import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { httpDate } from '../../src/index.ts'
import { imf, NOW } from './fields.ts'

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

describe('httpDate', () => {
  it.each([
    'Sun, 06 Nov 1994 08:49:37 GMT',
    'Sunday, 06-Nov-94 08:49:37 GMT',
    'Sun Nov  6 08:49:37 1994',
  ])('reads %j, the example of RFC 9110', (value) => {
    expect(httpDate(value, NOW)).toBe(784_111_777_000)
  })

  it.each([
    ['76', 2076],
    ['77', 1977],
    ['26', 2026],
    ['99', 1999],
    ['00', 2000],
  ])('takes the year %s for %i, never more than 50 years ahead', (year, fullYear) => {
    expect(httpDate(`Sunday, 01-Jan-${year} 00:00:00 GMT`, NOW)).toBe(Date.UTC(fullYear, 0))
  })

  it('reads a two-digit year of the next century when that is nearer', () => {
    expect(httpDate('Friday, 01-Jan-00 00:00:00 GMT', Date.UTC(2099, 11, 31))).toBe(
      Date.UTC(2100, 0),
    )
  })

  it('reads 29 February only of a leap year', () => {
    expect(httpDate('Tue, 29 Feb 2028 00:00:00 GMT', NOW)).toBe(Date.UTC(2028, 1, 29))
    expect(httpDate('Mon, 29 Feb 2100 00:00:00 GMT', NOW)).toBeUndefined()
  })

  it('does not take the year 50 for 1950', () => {
    expect(httpDate('Sun, 06 Nov 0050 08:49:37 GMT', NOW)).toBeUndefined()
  })

  it('reads every second in all three forms', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) / 1000 }), (second) => {
        const ms = second * 1000
        const [weekday = '', day = '', month = '', year = '', time = ''] = imf(ms).split(/,? /)
        const long = WEEKDAYS[new Date(ms).getUTCDay()]
        expect(httpDate(imf(ms), NOW)).toBe(ms)
        expect(httpDate(`${long}, ${day}-${month}-${year.slice(-2)} ${time} GMT`, ms)).toBe(ms)
        const padded = `${+day}`.padStart(2)
        expect(httpDate(`${weekday} ${month} ${padded} ${time} ${year}`, NOW)).toBe(ms)
      }),
    )
  })
})
