import {
  type CallOutcome,
  type CircuitOptions,
  circuitRules,
  consecutiveFailures,
  newCircuit,
  slowCallRate,
} from '@evenkeel/circuit-breaker'
import type { Priority } from '@evenkeel/core'
import { seededRandom } from '@evenkeel/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Circuits } from '../src/policy/circuits.ts'

const call = fc.record({
  restMs: fc.constantFrom(0, 50, 900, 3100, 29_000, 34_000),
  tookMs: fc.integer({ min: 1, max: 3000 }),
  outcome: fc.constantFrom<CallOutcome>('success', 'success', 'failure', 'failure', 'ignored'),
  hintMs: fc.constantFrom(0, 0, 0, 20_000),
  priority: fc.constantFrom<Priority>('critical', 'important', 'deferred'),
})

describe('the circuits of a fleet', () => {
  it.each<[string, CircuitOptions]>([
    ['with the breaker’s own trip', {}],
    ['with another', { trip: consecutiveFailures({ threshold: 2 }), openMs: 1000 }],
    ['with a third', { trip: slowCallRate({ slowMs: 1000, windowCalls: 7 }), maxProbes: 1 }],
  ])('do what two circuits by themselves do, %s', (_, options) => {
    fc.assert(
      fc.property(fc.array(call, { maxLength: 120 }), fc.integer(), (script, seed) => {
        const circuits = new Circuits(options, 3, seededRandom(seed))
        // Neighbours in the same columns, to be left alone.
        for (const client of [0, 2]) circuits.settle(client, 'deferred', 0, 'failure', 10, 0, 500)
        const rules = circuitRules(options)
        const critical = newCircuit()
        const others = newCircuit()
        const random = seededRandom(seed)
        let nowMs = 1000
        for (const { restMs, tookMs, outcome, hintMs, priority } of script) {
          nowMs += restMs
          const alone = priority === 'critical' ? critical : others
          const waitMs =
            alone.state === 'closed' && !alone.openings
              ? 0
              : Math.ceil(rules.admit(alone, priority, nowMs, random))
          expect(circuits.admit(1, priority, nowMs)).toBe(waitMs)
          if (waitMs) continue
          const ticket = circuits.ticket(1, priority)
          expect(ticket).toBe(alone.generation)
          nowMs += tookMs
          rules.settle(alone, ticket, outcome, tookMs, hintMs, nowMs, random)
          circuits.settle(1, priority, ticket, outcome, tookMs, hintMs, nowMs)
        }
        for (const client of [0, 2]) expect(circuits.admit(client, 'deferred', nowMs)).toBe(0)
      }),
      { numRuns: 300 },
    )
  })

  it('forget', () => {
    const circuits = new Circuits({}, 1, seededRandom(1))
    for (let each = 0; each < 10; each++) circuits.settle(0, 'critical', 0, 'failure', 10, 0, 1000)
    expect(circuits.admit(0, 'critical', 1000)).toBeGreaterThan(0)
    circuits.forget(0)
    expect(circuits.admit(0, 'critical', 1000)).toBe(0)
    const plain = new Circuits({ trip: consecutiveFailures({ threshold: 1 }) }, 1, seededRandom(1))
    plain.settle(0, 'critical', 0, 'failure', 10, 0, 1000)
    plain.forget(0)
    expect(plain.admit(0, 'critical', 1000)).toBe(0)
  })
})
