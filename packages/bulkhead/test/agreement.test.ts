import type { Priority } from '@evenkeel/core'
import { manualClock } from '@evenkeel/core/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  aimd,
  type CallOutcome,
  Compartment,
  gradient,
  type LimitFactory,
  type WaitingCall,
} from '../src/index.ts'
import { failure, world } from './world.ts'

/** A call to come: when, what kind, how long it takes, what becomes of it, and how long its caller waits. */
interface Plan {
  readonly afterMs: number
  readonly priority: Priority
  readonly takesMs: number
  readonly outcome: CallOutcome
  readonly deadlineMs: number
}

interface Setup {
  readonly limit: number | LimitFactory
  readonly maxQueued: number
  readonly agingMs: number
  readonly slowStart: boolean
}

const maxWaitMs = 4000

/** What became of each call: `[instant, index, what]`. */
type Log = [atMs: number, index: number, what: string][]

const endings: Record<CallOutcome, () => unknown> = {
  answered: () => 'ok',
  failed: () => Promise.reject(failure()),
  ignored: () => Promise.reject(failure({ throttled: true })),
}

/** The app's way: promises and a clock that calls back. */
async function byPolicy(plans: readonly Plan[], setup: Setup): Promise<Log> {
  const record: Log = []
  const { clock, run } = world({ ...setup, maxWaitMs })
  for (const [index, { afterMs, takesMs, outcome, ...call }] of plans.entries()) {
    await clock.advance(afterMs)
    run(async () => {
      record.push([clock.now(), index, 'started'])
      await new Promise<void>((resolve) => clock.scheduleAt(clock.now() + takesMs, resolve))
      return endings[outcome]()
    }, call).catch(({ code, retryAfterMs }) => {
      if (code !== 'UNAVAILABLE') record.push([clock.now(), index, `${code} ${retryAfterMs}`])
    })
  }
  await clock.runAll()
  expect(clock.pending).toBe(0)
  return record
}

interface SimulatedCall extends WaitingCall<SimulatedCall> {
  readonly index: number
}

/** The simulator's way: an agenda, and no promise. */
async function byCompartment(plans: readonly Plan[], { limit, ...rules }: Setup): Promise<Log> {
  const record: Log = []
  // Only an agenda that keeps what is due at one instant in order; its callbacks are synchronous.
  const clock = manualClock()
  const at = (atMs: number, callback: () => void) => clock.scheduleAt(atMs, callback)
  const compartment = new Compartment<SimulatedCall>(
    typeof limit === 'number' ? { value: limit } : limit(),
    rules,
  )
  const timers = new Map<SimulatedCall, { cancel(): void }>()
  function refuse(call: SimulatedCall, code: string): void {
    timers.get(call)?.cancel()
    const waitMs = compartment.waitMs(call.priority, clock.now())
    record.push([clock.now(), call.index, `${code} ${waitMs && Math.ceil(waitMs)}`])
  }
  function run(index: number): void {
    const { takesMs, outcome } = plans[index] as Plan
    const startMs = clock.now()
    record.push([startMs, index, 'started'])
    at(startMs + takesMs, () => {
      const nowMs = clock.now()
      compartment.end(outcome, takesMs, nowMs)
      for (let call = compartment.next(nowMs); call; call = compartment.next(nowMs)) {
        timers.get(call)?.cancel()
        if (nowMs < call.giveUpAtMs) run(call.index)
        else {
          compartment.inFlight--
          refuse(call, call.lateCode)
        }
      }
    })
  }
  for (const [index, { afterMs, priority, deadlineMs }] of plans.entries()) {
    await clock.advance(afterMs)
    const nowMs = clock.now()
    if (compartment.start()) run(index)
    else {
      const call: SimulatedCall = {
        index,
        priority,
        enteredAtMs: nowMs,
        giveUpAtMs: nowMs + Math.min(maxWaitMs, deadlineMs),
        lateCode: deadlineMs < maxWaitMs ? 'DEADLINE_EXCEEDED' : 'BULKHEAD_FULL',
      }
      const { code, shed } = compartment.enter(call, nowMs)
      if (shed !== call)
        timers.set(
          call,
          at(call.giveUpAtMs, () => {
            compartment.leave(call)
            refuse(call, call.lateCode)
          }),
        )
      if (shed && code) refuse(shed, code)
    }
  }
  await clock.runAll()
  return record
}

const inOrder = (record: Log): Log => [...record].sort(([a, i], [b, j]) => a - b || i - j)

test('an app and a simulator see the same calls start and be refused, at the same instants', async () => {
  const met = new Set<string | undefined>()
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          // A tenth of a millisecond apart, so that no two things happen at one instant by chance.
          afterMs: fc.integer({ min: 0, max: 3000 }).map((tenths) => tenths / 10),
          priority: fc.constantFrom<Priority>('critical', 'important', 'deferred'),
          takesMs: fc.integer({ min: 1, max: 900 }),
          outcome: fc.constantFrom<CallOutcome>('answered', 'answered', 'failed', 'ignored'),
          deadlineMs: fc.constantFrom(300, 2000, Infinity, Infinity),
        }),
        { minLength: 1, maxLength: 40 },
      ),
      fc.record({
        limit: fc.constantFrom<number | LimitFactory>(
          1,
          3,
          aimd({ initial: 2, slowMs: 500 }),
          gradient({ initial: 2 }),
        ),
        maxQueued: fc.integer({ min: 0, max: 9 }),
        agingMs: fc.constantFrom(0, 200, 1000),
        slowStart: fc.boolean(),
      }),
      async (plans: readonly Plan[], setup) => {
        const record = inOrder(await byPolicy(plans, setup))
        expect(record).toEqual(inOrder(await byCompartment(plans, setup)))
        for (const [, , what] of record) met.add(what.split(' ')[0])
      },
    ),
    { numRuns: 500, seed: 11 },
  )
  expect([...met].sort()).toEqual(['BULKHEAD_FULL', 'DEADLINE_EXCEEDED', 'started'])
})
