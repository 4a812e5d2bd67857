import type { Priority } from '@evenkeel/core'
import { manualClock, seededRandom } from '@evenkeel/core/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  adaptiveThrottle,
  Gate,
  type GateCall,
  type LimitFactory,
  learnedBuckets,
  slidingWindow,
  tokenBucket,
} from '../src/index.ts'
import { refusal, world } from './world.ts'

/** A call to come: when, what kind, how long it takes and what becomes of it. */
interface Plan {
  readonly afterMs: number
  readonly route: string
  readonly priority: Priority
  readonly takesMs: number
  readonly end: 'ok' | 'refused' | 'failed'
  readonly retryAfterMs: number
}

interface Setup {
  readonly limits: readonly LimitFactory[]
  readonly maxQueued: number
  readonly seed: number
}

const maxWaitMs = 20_000

/** What became of each call, in order: `[instant, index, what]`. */
type Log = [atMs: number, index: number, what: string][]

/** The app's way: promises and a clock that calls back. */
async function byPolicy(plans: readonly Plan[], setup: Setup): Promise<Log> {
  const record: Log = []
  const { seed, ...options } = setup
  const w = world({ ...options, maxWaitMs, random: seededRandom(seed) })
  for (const [index, plan] of plans.entries()) {
    await w.clock.advance(plan.afterMs)
    w.call(
      String(index),
      async () => {
        record.push([w.clock.now(), index, 'started'])
        await new Promise<void>((resolve) =>
          w.clock.scheduleAt(w.clock.now() + plan.takesMs, resolve),
        )
        if (plan.end === 'refused') throw refusal(plan.retryAfterMs)
        if (plan.end === 'failed') throw new Error('reset')
      },
      plan,
    ).catch((error) => {
      if (error.name === 'EvenkeelError') record.push([w.clock.now(), index, error.code])
    })
  }
  await w.clock.runAll()
  expect(w.clock.pending).toBe(0)
  return record
}

interface SimulatedCall extends GateCall {
  readonly index: number
}

/** The simulator's way: an agenda, and no promise. */
async function byGate(plans: readonly Plan[], setup: Setup): Promise<Log> {
  const record: Log = []
  // Only an agenda that keeps what is due at one instant in order; its callbacks are synchronous.
  const clock = manualClock()
  const at = (atMs: number, callback: () => void) => clock.scheduleAt(atMs, callback)
  let timer: { cancel(): void } | undefined
  const gate = new Gate<SimulatedCall>('api', {
    ...setup,
    rampMs: 5000,
    random: seededRandom(setup.seed),
    emit: () => {},
    release: run,
    refuse: ({ index }, code) => record.push([clock.now(), index, code]),
  })
  function rearm(): void {
    timer?.cancel()
    if (gate.queue.length) timer = at(gate.nextAtMs, pump)
  }
  function pump(): void {
    if (!gate.queue.length) return
    gate.pump(clock.now())
    rearm()
  }
  function run(call: SimulatedCall, isCalm = false): void {
    const { takesMs, end, retryAfterMs, route } = plans[call.index] as Plan
    record.push([clock.now(), call.index, 'started'])
    at(clock.now() + takesMs, () => {
      const nowMs = clock.now()
      if (!isCalm) gate.ended(call, end === 'ok' ? 'accepted' : 'rejected', nowMs)
      if (end === 'refused') gate.learn(route, { refused: true, retryAfterMs }, nowMs)
      pump()
    })
  }
  for (const [index, { afterMs, route, priority }] of plans.entries()) {
    await clock.advance(afterMs)
    const call = { index, route, priority, giveUpAtMs: clock.now() + maxWaitMs }
    if (gate.isCalm) run(call, true)
    else {
      const verdict = gate.enter(call, clock.now())
      rearm()
      if (!verdict) run(call)
      else if (verdict.code) record.push([clock.now(), index, verdict.code])
      if (verdict?.shed) record.push([clock.now(), verdict.shed.index, 'QUEUE_FULL'])
    }
  }
  await clock.runAll()
  return record
}

const inOrder = (record: Log): Log => [...record].sort(([a, i], [b, j]) => a - b || i - j)

test('an app and a simulator see the same calls start and be refused, at the same instants', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          afterMs: fc.integer({ min: 0, max: 3000 }),
          route: fc.constantFrom('a#1', 'b#1', 'c#2'),
          priority: fc.constantFrom('critical', 'important', 'deferred'),
          takesMs: fc.integer({ min: 1, max: 900 }),
          end: fc.constantFrom('ok', 'ok', 'ok', 'refused', 'failed'),
          retryAfterMs: fc.constantFrom(0, 300, 4000, 30_000),
        }),
        { minLength: 1, maxLength: 40 },
      ),
      fc.record({
        limits: fc.constantFrom<readonly LimitFactory[]>(
          [],
          [learnedBuckets()],
          [slidingWindow({ limit: 3, windowMs: 2000 })],
          [tokenBucket({ capacity: 2, refillPerSecond: 1.5 }), adaptiveThrottle()],
        ),
        maxQueued: fc.integer({ min: 0, max: 6 }),
        seed: fc.integer(),
      }),
      async (plans: readonly Plan[], setup) => {
        expect(inOrder(await byPolicy(plans, setup))).toEqual(inOrder(await byGate(plans, setup)))
      },
    ),
    { numRuns: 300, seed: 11 },
  )
})
