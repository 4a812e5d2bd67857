import type { Priority } from '@evenkeel/core'
import { seededRandom } from '@evenkeel/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CallOutcome, Compartment, type WaitingCall } from '../src/index.ts'
import { figures, ReferenceModel } from './reference-model.ts'

interface Call extends WaitingCall<Call> {
  readonly id: number
}

type Command =
  | { readonly do: 'start'; readonly priority: Priority; readonly patienceMs: number }
  | { readonly do: 'end'; readonly outcome: CallOutcome }
  | { readonly do: 'leave'; readonly which: number }
  | { readonly do: 'wait'; readonly ms: number }

/** The commands that a seed stands for: one that fails is told by its seed, and shrinks to fewer commands. */
function program(seed: number, length: number): Command[] {
  const random = seededRandom(seed)
  const oneOf = <T>(...from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  // Some runs are calm, some are a crowd, and in some the server is down.
  const startShare = oneOf(0.25, 0.35, 0.55)
  const outcomes = oneOf<readonly CallOutcome[]>(
    ['answered'],
    ['answered', 'answered', 'failed', 'ignored'],
    ['failed', 'failed', 'failed', 'answered'],
  )
  return Array.from({ length }, (): Command => {
    const kind = random()
    if (kind < startShare)
      return {
        do: 'start',
        priority: oneOf('critical', 'critical', 'critical', 'important', 'deferred'),
        patienceMs: oneOf(Infinity, Infinity, Infinity, 300, 5000),
      }
    if (kind < 0.75) return { do: 'end', outcome: oneOf(...outcomes) }
    if (kind < 0.8) return { do: 'leave', which: oneOf(0, 1, 4) }
    return { do: 'wait', ms: oneOf(0, 1, 10, 50, Math.floor(random() * 300)) }
  })
}

const lengths = fc.oneof(
  { arbitrary: fc.integer({ min: 1, max: 120 }), weight: 40 },
  // Long enough for what is old to fade.
  { arbitrary: fc.integer({ min: 300, max: 600 }), weight: 1 },
)
const queues = fc.constantFrom(6, 6, 6, 1, 0)

/** An `expect` that costs nothing while all is well: there are a million of them. */
function same(actual: unknown, expected: unknown): void {
  if (actual !== expected) expect(actual).toBe(expected)
}

const nearly = (actual: number | undefined, expected: number | undefined): void =>
  same(
    actual === expected ||
      Math.abs((actual ?? NaN) - (expected ?? NaN)) < 1e-6 * (expected ?? 0) + 1e-9,
    true,
  )

describe('a compartment', () => {
  const met = new Map<string, number>()
  const meet = (what: string): void => {
    met.set(what, (met.get(what) ?? 0) + 1)
  }

  it('does what a naive model does, command by command, and starves nobody', () => {
    fc.assert(
      fc.property(fc.integer(), lengths, queues, (seed, length, maxQueued) => {
        const model = new ReferenceModel(maxQueued)
        const compartment = new Compartment<Call>(
          { value: figures.limit },
          { ...figures, maxQueued },
        )
        const waiting: Call[] = []
        /** After how many starts an overdue call has started: ten for each older one, and for itself. */
        const patience = new Map<number, number>()
        let running = 0
        let nowMs = 0
        const gone = (call: Call): void => {
          same(call.ahead ?? call.behind, undefined)
          waiting.splice(waiting.indexOf(call), 1)
          patience.delete(call.id)
        }
        for (const [id, each] of program(seed, length).entries()) {
          if (each.do === 'wait') nowMs += each.ms
          else if (each.do === 'start') {
            const { priority } = each
            const giveUpAtMs = nowMs + each.patienceMs
            const said = model.offer({ id, priority, atMs: nowMs, giveUpAtMs })
            const hasStarted = compartment.start()
            same(hasStarted, said === 'started')
            if (said === 'started') running++
            else {
              const call: Call = {
                id,
                priority,
                enteredAtMs: nowMs,
                giveUpAtMs,
                lateCode: 'CLOSED',
              }
              const { code, waitMs, shed } = compartment.enter(call, nowMs)
              same(shed === call, said.refused)
              same(shed?.id, said.refused ? id : said.shed)
              same(code === undefined, shed === undefined)
              nearly(waitMs, said.waitMs)
              if (shed !== call) waiting.push(call)
              if (shed && shed !== call) gone(shed)
              meet((shed === call && code) || (shed ? 'sheds' : 'queues'))
            }
          } else if (each.do === 'leave') {
            const call = waiting[each.which]
            if (!call) continue
            compartment.leave(call)
            model.leave(call.id)
            gone(call)
          } else if (running > 0) {
            const wasLimited = compartment.capacity < figures.limit
            compartment.end(each.outcome, 0, nowMs)
            running--
            for (const { id: waits, enteredAtMs } of waiting) {
              if (nowMs - enteredAtMs < figures.agingMs || patience.has(waits)) continue
              const older = waiting.filter((other) => other.enteredAtMs <= enteredAtMs)
              patience.set(waits, 10 * older.length)
            }
            const started: number[] = []
            for (let call = compartment.next(nowMs); call; call = compartment.next(nowMs)) {
              if (
                waiting.some(({ priority }) => priority === 'critical') &&
                call.priority !== 'critical'
              )
                meet('aged')
              for (const [waits, left] of patience) {
                if (waits !== call.id) same(left > 1, true)
                patience.set(waits, left - 1)
              }
              gone(call)
              started.push(call.id)
              running++
            }
            expect(started).toEqual(model.end(each.outcome, nowMs))
            if (wasLimited && started.length > 1) meet('ramps')
          }
          same(compartment.inFlight, model.running)
          same(compartment.queued, model.waiting.length)
          same(compartment.capacity, model.places)
          same(running <= figures.limit && compartment.queued <= maxQueued, true)
        }
      }),
      { numRuns: 10_000, seed: 20_220_125 },
    )
    expect([...met.keys()].sort()).toEqual([
      'BULKHEAD_FULL',
      'CLOSED',
      'aged',
      'queues',
      'ramps',
      'sheds',
    ])
  })

  it('lets nobody pass those that wait, when there is room again but they have not been started yet', () => {
    const limit = { value: 1 }
    const compartment = new Compartment<Call>(limit, { ...figures, maxQueued: 6 })
    const call: Call = {
      id: 1,
      priority: 'deferred',
      enteredAtMs: 0,
      giveUpAtMs: Infinity,
      lateCode: 'BULKHEAD_FULL',
    }
    expect(compartment.start()).toBe(true)
    compartment.enter(call, 0)
    limit.value = 3
    expect(compartment.start()).toBe(false)
    expect(compartment.next(0)).toBe(call)
    expect(compartment.start()).toBe(true)
  })
})
