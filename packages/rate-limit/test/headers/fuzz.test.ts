import { describe, expect, it, vi } from 'vitest'
import {
  bodyRetryAfter,
  httpDate,
  problemType,
  type RateLimitHints,
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

// Reads 64 characters at most, however long the field.
const BOUNDED = new Set(['/^[^,;]{1,64}/'])

describe('a field of 8 KiB', () => {
  const kib8 = (piece: string) => piece.repeat(Math.ceil(8192 / piece.length)).slice(0, 8192)
  const wait = (read: unknown) =>
    typeof read === 'object' ? (read as RateLimitHints).resetAfterMs : read
  const readers = (value: string) => {
    const headers = { get: () => value }
    return [
      retryAfter(value, NOW, value),
      httpDate(value, NOW),
      rateLimitFields(headers, NOW),
      xRateLimit(headers, NOW),
      rateLimitHints(headers, NOW, { body: { retry_after: value } }),
      bodyRetryAfter({ retry_after: value }),
    ]
  }

  it.each(['9', '9,', ', ', ' ', '\t', '"', '"\\', '"a";r=0,', '"a";', 'a=1,', ';', 'Sun, ', '1.'])(
    'made of %j is refused by its length: no pattern sees more than 4,096 characters',
    (piece) => {
      const exec = vi.spyOn(RegExp.prototype, 'exec')
      try {
        const waits = readers(kib8(piece)).map(wait)
        expect(waits).toEqual(waits.map(() => undefined))
        const unbounded = exec.mock.contexts.filter(
          (pattern, call) =>
            (exec.mock.calls[call]?.[0].length ?? 0) > 4096 && !BOUNDED.has(`${pattern}`),
        )
        expect(unbounded).toEqual([])
      } finally {
        exec.mockRestore()
      }
    },
  )

  it.each([
    ['"a";r=0,', 32],
    ['"a";r=0;pk=:YQ==:,', 32],
    ['"', 1],
    ['"\\', 1],
    [';', 1],
    [',', 1],
    ['\t', 1],
  ])('costs one step a part, and stops at the first error: %j', (piece, most) => {
    const text = piece.repeat(Math.floor(4096 / piece.length))
    const exec = vi.spyOn(RegExp.prototype, 'exec')
    try {
      rateLimitFields(
        { get: (name) => (name === 'ratelimit' ? `"x";r=1,${text}`.slice(0, 4096) : null) },
        NOW,
      )
      const steps = exec.mock.contexts.filter((pattern) => (pattern as RegExp).sticky).length
      expect(steps).toBeLessThanOrEqual(most * 3 + 2)
    } finally {
      exec.mockRestore()
    }
  })
})
