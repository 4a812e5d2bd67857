import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  adaptTo,
  maxTimeoutFactor,
  type NetworkFacts,
  noAdaptation,
} from '../../src/network/index.ts'

const good: NetworkFacts = {
  state: 'online',
  quality: 'good',
  rttMs: 40,
  downlinkKbps: 20_000,
  savesData: false,
}

describe('adaptTo', () => {
  it('asks nothing of a good network, nor of one that is not known', () => {
    expect(adaptTo(good)).toEqual(noAdaptation)
    expect(
      adaptTo({ ...good, state: 'unknown', rttMs: undefined, downlinkKbps: undefined }),
    ).toEqual(noAdaptation)
  })

  it.each<[string, Partial<NetworkFacts>, object]>([
    [
      'a long round trip',
      { quality: 'fair', rttMs: 675 },
      {
        timeoutFactor: 2.5,
        heartbeatFactor: 1,
        batchWindowFactor: 2,
        concurrencyFactor: 0.5,
        defersDeferred: false,
        reasons: [
          'a round trip takes 675 ms: timeouts are 2.5 times as long',
          'the network is fair: batches gather 2 times as long, and one call in 2 may be under way',
        ],
      },
    ],
    [
      'a thin line',
      { quality: 'poor', rttMs: 675, downlinkKbps: 60 },
      {
        timeoutFactor: 5,
        heartbeatFactor: 2,
        batchWindowFactor: 4,
        concurrencyFactor: 0.25,
        defersDeferred: true,
        reasons: [
          'the line carries 60 kbit/s: timeouts are 5.0 times as long',
          'the network is poor: batches gather 4 times as long, and one call in 4 may be under way',
          'the network is poor: hearts beat half as often',
          'the network is poor: deferred calls wait',
        ],
      },
    ],
    [
      'a user who saves data',
      { savesData: true },
      {
        ...noAdaptation,
        heartbeatFactor: 2,
        defersDeferred: true,
        reasons: [
          'the user saves data: hearts beat half as often',
          'the user saves data: deferred calls wait',
        ],
      },
    ],
    [
      'no network',
      { state: 'offline' },
      {
        ...noAdaptation,
        defersDeferred: true,
        reasons: ['there is no network: deferred calls wait'],
      },
    ],
  ])('adapts to %s, and says why', (_, facts, expected) => {
    expect(adaptTo({ ...good, ...facts })).toEqual(expected)
  })

  it('stays within its bounds, and gives a reason for whatever it asks', () => {
    fc.assert(
      fc.property(
        fc.record({
          state: fc.constantFrom('online' as const, 'offline' as const, 'unknown' as const),
          quality: fc.constantFrom('good' as const, 'fair' as const, 'poor' as const),
          rttMs: fc.oneof(fc.constant(undefined), fc.double({ min: 0, max: 1e6, noNaN: true })),
          downlinkKbps: fc.oneof(
            fc.constant(undefined),
            fc.double({ min: 0, max: 1e7, noNaN: true }),
          ),
          savesData: fc.boolean(),
        }),
        (facts) => {
          const asked = adaptTo(facts)
          const { timeoutFactor, heartbeatFactor, batchWindowFactor, concurrencyFactor } = asked
          expect(timeoutFactor).toBeGreaterThanOrEqual(1)
          expect(timeoutFactor).toBeLessThanOrEqual(maxTimeoutFactor)
          expect([1, 2]).toContain(heartbeatFactor)
          expect([1, 2, 4]).toContain(batchWindowFactor)
          expect(concurrencyFactor).toBe(1 / batchWindowFactor)
          const factors = [timeoutFactor, heartbeatFactor, batchWindowFactor]
          const moved = factors.filter((factor) => factor > 1).length + Number(asked.defersDeferred)
          expect(asked.reasons).toHaveLength(moved)
        },
      ),
    )
  })
})
