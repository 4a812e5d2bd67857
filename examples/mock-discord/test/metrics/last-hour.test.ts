import { describe, expect, it } from 'vitest'
import { LastHour } from '../../src/metrics/last-hour.ts'

const minute = 60_000
const request = {
  service: 'messages',
  kind: 'mobile',
  outcome: 'ok',
  isRetry: false,
  isViolation: false,
} as const

describe('the last hour', () => {
  it('adds up by service and kind of client', () => {
    const hour = new LastHour()
    hour.request(0, request)
    hour.request(1_000, { ...request, outcome: 'limited', isRetry: true, isViolation: true })
    hour.request(2 * minute, { ...request, service: 'voice', kind: 'desktop', outcome: 'timeout' })
    hour.request(2 * minute, { ...request, outcome: 'invalid' })
    const counted = { requests: 3, ok: 1, limited: 1, failed: 0, retries: 1, violations: 1 }
    expect(hour.status(2.5 * minute)).toEqual({
      spanMs: 2.5 * minute,
      all: { requests: 4, ok: 1, limited: 1, failed: 1, retries: 1, violations: 1 },
      services: {
        messages: counted,
        voice: { requests: 1, ok: 0, limited: 0, failed: 1, retries: 0, violations: 0 },
      },
      kinds: { mobile: counted, desktop: expect.objectContaining({ requests: 1, failed: 1 }) },
      minutes: [
        { requests: 2, retries: 1 },
        { requests: 0, retries: 0 },
        { requests: 2, retries: 0 },
      ],
    })
  })

  it('forgets what is older', () => {
    const hour = new LastHour()
    for (let at = 0; at < 90; at++) hour.request(at * minute, request)
    expect(hour.status(89.9 * minute)).toMatchObject({ all: { requests: 60 } })
    expect(hour.status(100 * minute).all.requests).toBe(49)
    expect(hour.status(400 * minute)).toMatchObject({ all: { requests: 0 }, services: {} })
  })
})
