import type { Priority } from '@evenkeel/core'
import { retryAfterMs } from '@evenkeel/core'
import { manualClock, seededRandom } from '@evenkeel/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  anyOf,
  type CallOutcome,
  type Circuit,
  circuitRules,
  consecutiveFailures,
  failureRate,
  newCircuit,
  slowCallRate,
} from '../src/index.ts'
import { figures, type ModelCall, ReferenceModel } from './reference-model.ts'
import { failure, type Started, world } from './world.ts'

type Command =
  | { readonly do: 'start'; readonly priority: Priority }
  | {
      readonly do: 'end'
      readonly which: number
      readonly outcome: CallOutcome
      readonly hintMs: number
    }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'isolate' | 'reset' }

/** The commands that a seed stands for: one that fails is told by its seed, and shrinks to fewer commands. */
function program(seed: number, length: number): Command[] {
  const random = seededRandom(seed)
  const oneOf = <T>(...from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const outcomes = ['failure', 'failure', 'failure', 'success', 'ignored'] as const
  return Array.from({ length }, (): Command => {
    const kind = random()
    if (kind < 0.4)
      return { do: 'start', priority: oneOf('critical', 'important', 'important', 'deferred') }
    if (kind < 0.75)
      return {
        do: 'end',
        which: oneOf(0, 0, 1, 2, 3),
        outcome: oneOf(...outcomes),
        hintMs: oneOf(0, 0, 0, 50, 400),
      }
    if (kind < 0.97)
      return {
        do: 'wait',
        ms: oneOf(Math.floor(random() * 150), 100, 200, 300, 350, 420, 600, 1000),
      }
    return { do: oneOf('isolate', 'reset', 'reset') }
  })
}

const seeds = fc.integer()
const lengths = fc.integer({ min: 1, max: 80 })

const { threshold, ratio, minCalls, windowMs, slowMs, slowRatio, ...times } = figures
const options = {
  ...times,
  trip: anyOf(
    consecutiveFailures({ threshold }),
    failureRate({ ratio, minCalls, windowMs }),
    slowCallRate({ slowMs, ratio: slowRatio, minCalls, windowMs }),
  ),
}

/** An `expect` that costs nothing while all is well: there are a million of them. */
function same(actual: unknown, expected: unknown): void {
  if (actual !== expected) expect(actual).toBe(expected)
}

/** Whether the model met each state, so that the runs are known to go everywhere. */
const met = new Map<string, number>()

function meet(what: string): void {
  met.set(what, (met.get(what) ?? 0) + 1)
}

describe('the circuit', () => {
  it('does what a naive model does, command by command', () => {
    const rules = circuitRules(options)
    fc.assert(
      fc.property(seeds, lengths, (seed, length) => {
        const model = new ReferenceModel(seededRandom(seed))
        const random = seededRandom(seed)
        const circuit = newCircuit()
        const calls: { call: ModelCall; ticket: number; startMs: number }[] = []
        let nowMs = 0
        for (const each of program(~seed, length)) {
          if (each.do === 'wait') nowMs += each.ms
          else if (each.do === 'start') {
            const call = model.admit(each.priority, nowMs)
            const waitMs = rules.admit(circuit, each.priority, nowMs, random)
            if (typeof call !== 'number') {
              same(waitMs, 0)
              calls.push({ call, ticket: circuit.generation, startMs: nowMs })
            } else same(waitMs > 0 && (waitMs === call || Math.abs(waitMs - call) < 1e-6), true)
            meet(`${circuit.state} ${waitMs === 0 ? 'admits' : 'refuses'}`)
          } else if (each.do === 'end') {
            const [ended] = calls.splice(each.which, 1)
            if (!ended) continue
            const { call, ticket, startMs } = ended
            const durationMs = nowMs - startMs
            model.settle(call, each.outcome, durationMs, each.hintMs, nowMs)
            const reason = rules.settle(
              circuit,
              ticket,
              each.outcome,
              durationMs,
              each.hintMs,
              nowMs,
              random,
            )
            if (reason) meet(reason)
          } else if (each.do === 'isolate' || each.do === 'reset') {
            const state = each.do === 'reset' ? 'closed' : 'isolated'
            model.setByHand(state)
            rules.set(circuit, state)
          }
          same(circuit.state, model.state)
        }
      }),
      { numRuns: 10_000, seed: 20_220_125 },
    )
    expect([...met.keys()].sort()).toEqual([
      'closed admits',
      'closed refuses',
      'consecutiveFailures',
      'failureRate',
      'half-open admits',
      'half-open refuses',
      'isolated refuses',
      'open refuses',
      'probeFailed',
      'slowCallRate',
    ])
  })

  it('decides for the policy around it, call by call', async () => {
    const rules = circuitRules(options)
    await fc.assert(
      fc.asyncProperty(seeds, lengths, async (seed, length) => {
        const random = seededRandom(seed)
        const others = newCircuit()
        const critical = newCircuit()
        const clock = manualClock()
        const { start, breaker, events } = world({ ...options, clock, random: seededRandom(seed) })
        const calls: { started: Started; circuit: Circuit; ticket: number; startMs: number }[] = []
        for (const each of program(~seed, length)) {
          if (each.do === 'wait') await clock.advance(each.ms)
          else if (each.do === 'start') {
            const started = start({ priority: each.priority })
            const circuit = each.priority === 'critical' ? critical : others
            const startMs = clock.now()
            const waitMs = rules.admit(circuit, each.priority, startMs, random)
            expect(started.isAdmitted).toBe(waitMs === 0)
            if (waitMs === 0) calls.push({ started, circuit, ticket: circuit.generation, startMs })
            else
              expect(retryAfterMs((await started.ending).error)).toBe(
                waitMs < Infinity ? Math.ceil(waitMs) : undefined,
              )
          } else if (each.do === 'end') {
            const [ended] = calls.splice(each.which, 1)
            if (!ended) continue
            const { outcome, hintMs } = each
            const { circuit } = ended
            await (outcome === 'success'
              ? ended.started.succeed()
              : ended.started.fail(
                  failure({ throttled: outcome === 'ignored', retryAfterMs: hintMs || undefined }),
                ))
            const nowMs = clock.now()
            const durationMs = nowMs - ended.startMs
            const reason = rules.settle(
              circuit,
              ended.ticket,
              outcome,
              durationMs,
              hintMs,
              nowMs,
              random,
            )
            if (reason)
              expect(events.at(-1)).toMatchObject({
                type: 'opened',
                isCritical: circuit === critical,
                reason,
                openMs: circuit.atMs - nowMs,
              })
          } else if (each.do === 'isolate' || each.do === 'reset') {
            breaker[each.do]('default')
            for (const circuit of [others, critical])
              rules.set(circuit, each.do === 'reset' ? 'closed' : 'isolated')
          }
          for (const circuit of [others, critical]) {
            const isDue = circuit.state === 'open' && clock.now() >= circuit.atMs
            const priority = circuit === critical ? 'critical' : 'deferred'
            expect(breaker.state('default', priority)).toBe(isDue ? 'half-open' : circuit.state)
          }
        }
      }),
      { numRuns: 500, seed: 20_220_125 },
    )
  })
})
