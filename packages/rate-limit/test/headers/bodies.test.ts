import { describe, expect, it } from 'vitest'
import { bodyRetryAfter, problemType } from '../../src/index.ts'

const IANA = 'https://iana.org/assignments/http-problem-types'

describe('bodyRetryAfter', () => {
  it.each([
    [64.57, 64_570],
    [0, 0],
    [0.3, 300],
    ['3', 3_000],
  ])('reads retry_after %j', (retry_after, ms) => {
    expect(bodyRetryAfter({ message: 'You are being rate limited.', retry_after })).toBe(ms)
  })

  it.each([
    undefined,
    null,
    'retry_after',
    5,
    [],
    {},
    { retry_after: null },
    { retry_after: -1 },
    { retry_after: Number.NaN },
    { retry_after: Infinity },
    { retry_after: 1e300 },
    { retry_after: true },
    { retry_after: [5] },
    { retry_after: { valueOf: 5 } },
    { retry_after: '5s' },
  ])('ignores %j', (body) => {
    expect(bodyRetryAfter(body)).toBeUndefined()
  })
})

describe('problemType', () => {
  it.each(['quota-exceeded', 'temporary-reduced-capacity', 'abnormal-usage-detected'])(
    'reads %s',
    (type) => {
      expect(problemType({ type: `${IANA}#${type}`, 'violated-policies': ['daily'] })).toBe(type)
      expect(
        problemType({ type: `http://www.iana.org/assignments/http-problem-types#${type}` }),
      ).toBe(type)
    },
  )

  it.each([
    undefined,
    null,
    '',
    42,
    [],
    {},
    { type: null },
    { type: 7 },
    { type: 'about:blank' },
    { type: '#quota-exceeded' },
    { type: `${IANA}#date` },
    { type: `${IANA}#quota-exceeded ` },
    { type: `${IANA}#quota-exceeded#quota-exceeded` },
    { type: 'https://example.com/#quota-exceeded' },
    { type: [`${IANA}#quota-exceeded`] },
  ])('ignores %j', (body) => {
    expect(problemType(body)).toBeUndefined()
  })
})
