import { describe, expect, it } from 'vitest'
import {
  bodyRetryAfter,
  httpDate,
  problemType,
  rateLimitFields,
  rateLimitHints,
  retryAfter,
  xRateLimit,
} from '../../src/index.ts'
import { imf, NOW } from './fields.ts'

const SEEDS = [
  '7',
  '64.57',
  '1e12',
  `${NOW / 1000 + 60}`,
  `${NOW + 60_000}`,
  '9007199254740993',
  imf(NOW + 60_000),
  'Sunday, 22-Nov-26 12:01:00 GMT',
  'Sun Nov 22 12:01:00 2026',
  '"default";r=0;t=30',
  '"a";r=1;t=2;pk=:sdfjLJUOUH==:, "b";r=0',
  'limit=100, remaining=50, reset=5',
  '100;w=10',
  'true',
  'shared',
  '-Infinity',
]
const PIECES = [...'0123456789-+.eExX,;:"\\=?@ \t()GMT\u00ff\u0000', ...SEEDS, '9'.repeat(20)]
const NAMES = [
  'retry-after',
  'date',
  'age',
  'ratelimit',
  'ratelimit-policy',
  ...['ratelimit-', 'x-ratelimit-', 'x-rate-limit-'].flatMap((prefix) =>
    ['limit', 'remaining', 'reset', 'reset-after', 'bucket', 'scope', 'global'].map(
      (name) => prefix + name,
    ),
  ),
]

/** Mulberry32: a run that fails fails again. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return (((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * below
  }
}

function isGarbage(value: unknown): boolean {
  if (typeof value === 'number') return !(value >= 0 && value <= Number.MAX_SAFE_INTEGER)
  return typeof value === 'object' && value !== null && Object.values(value).some(isGarbage)
}

describe('200,000 values from a seed', () => {
  it('throw nothing and yield no garbage', () => {
    const below = seeded(429)
    const pick = <T>(from: readonly T[]) => from[Math.floor(below(from.length))] as T
    const mutate = () => {
      let value = pick(SEEDS)
      for (let edits = below(4); edits >= 1; edits--) {
        const at = Math.floor(below(value.length + 1))
        value = value.slice(0, at) + pick(PIECES) + value.slice(at + Math.floor(below(3)))
      }
      return value
    }
    const garbage: unknown[] = []
    let understood = 0
    for (let round = 0; round < 50_000; round++) {
      const entries = new Map([1, 2, 3, 4].map(() => [pick(NAMES), mutate()]))
      const headers = { get: (name: string) => entries.get(name) ?? null }
      const [value = ''] = entries.values()
      const results = [
        retryAfter(value, NOW, mutate()),
        rateLimitFields(headers, NOW),
        xRateLimit(headers, NOW),
        rateLimitHints(headers, NOW, { ok: below(2) < 1, body: { retry_after: value } }),
        bodyRetryAfter({ retry_after: value }),
      ]
      if (Number.isNaN(httpDate(value, NOW)) || isGarbage(results)) garbage.push([...entries])
      problemType({ type: value })
      if (results.some((result) => result !== undefined)) understood++
    }
    expect(garbage).toEqual([])
    // Nor is the fuzz so wild that all of it is refused at the door.
    expect(understood).toBeGreaterThan(10_000)
  })
})
