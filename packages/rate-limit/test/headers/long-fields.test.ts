import { describe, expect, it, vi } from 'vitest'
import {
  bodyRetryAfter,
  httpDate,
  type RateLimitHints,
  rateLimitFields,
  rateLimitHints,
  retryAfter,
  xRateLimit,
} from '../../src/index.ts'
import { NOW } from './fields.ts'

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
