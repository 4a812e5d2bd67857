import { getEventListeners } from 'node:events'
import { type CallContext, compose, type Policy, type RunOptions, run } from '@evenkeel/core'
import { type ManualClock, manualClock, seededRandom } from '@evenkeel/core/testing'
import { describe, expect, it } from 'vitest'
import {
  constant,
  costWeightedBudget,
  type HedgeEvent,
  type HedgeOptions,
  hedge,
  retry,
} from '../src/index.ts'
import { failure } from './world.ts'

interface Copy {
  readonly atMs: number
  readonly context: CallContext
  resolve(value: string): void
  reject(error: unknown): void
}

interface Hedged {
  readonly clock: ManualClock
  readonly copies: Copy[]
  readonly events: HedgeEvent[]
  readonly discarded: unknown[]
  start(options?: RunOptions): Promise<string>
}

function hedged(options: HedgeOptions = {}): Hedged {
  const clock = manualClock()
  const copies: Copy[] = []
  const events: HedgeEvent[] = []
  const discarded: unknown[] = []
  const policy = hedge({
    delayMs: 100,
    clock,
    random: () => 0.5,
    onEvent: (event) => events.push(event),
    onDiscarded: (value) => discarded.push(value),
    ...options,
  })
  return {
    clock,
    copies,
    events,
    discarded,
    start(runOptions) {
      const promise = run(
        policy,
        (context) =>
          new Promise<string>((resolve, reject) => {
            copies.push({ atMs: clock.now(), context, resolve, reject })
          }),
        { clock, ...runOptions },
      )
      promise.catch(() => {})
      return promise
    },
  }
}

describe('hedge', () => {
  it('sends one copy of a quick call, and leaves no timer', async () => {
    const { start, copies, clock } = hedged()
    const promise = start()
    await clock.advance(99)
    copies[0]?.resolve('quick')
    expect(await promise).toBe('quick')
    await clock.runAll()
    expect(copies).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  it('sends another after the delay, takes the first success and aborts the rest', async () => {
    const { start, copies, clock, events, discarded } = hedged()
    const promise = start({ key: 'a', tag: 't' })
    await clock.advance(100)
    expect(copies.map(({ atMs }) => atMs)).toEqual([0, 100])
    expect(events).toEqual([{ type: 'hedged', key: 'a', tag: 't', attempt: 1, afterMs: 100 }])
    const [slow, quick] = copies as [Copy, Copy]
    const { signal } = slow.context
    quick.resolve('quick')
    expect(await promise).toBe('quick')
    expect(signal.reason).toMatchObject({ code: 'HEDGE_LOST', key: 'a', throttled: true })
    expect(quick.context.signal.aborted).toBe(false)
    slow.resolve('late')
    await clock.runAll()
    expect(discarded).toEqual(['late'])
    expect(clock.pending).toBe(0)
  })

  it('is silent about a loser that fails', async () => {
    const { start, copies, clock, discarded } = hedged()
    const promise = start()
    await clock.advance(100)
    copies[0]?.resolve('first')
    copies[1]?.reject(new Error('aborted'))
    expect(await promise).toBe('first')
    await clock.runAll()
    expect(discarded).toEqual([])
  })

  it('fails at once when the only copy does, and leaves the rest to a retry', async () => {
    const { start, copies, clock } = hedged()
    const promise = start()
    await clock.advance(50)
    copies[0]?.reject('down')
    await expect(promise).rejects.toBe('down')
    await clock.runAll()
    expect(copies).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  it.each([
    ['first', 0, 1],
    ['second', 1, 0],
  ])('waits for the other copy when the %s fails', async (_, loser, winner) => {
    const { start, copies, clock } = hedged()
    const promise = start()
    await clock.advance(100)
    copies[loser]?.reject('down')
    await clock.advance(10)
    copies[winner]?.resolve('up')
    expect(await promise).toBe('up')
  })

  it.each([
    [0, 1],
    [1, 0],
  ])('throws the failure of the first copy when all fail: order %i, %i', async (one, other) => {
    const { start, copies, clock } = hedged()
    const promise = start()
    await clock.advance(100)
    copies[one]?.reject(`copy ${one}`)
    copies[other]?.reject(`copy ${other}`)
    await expect(promise).rejects.toBe('copy 0')
  })

  it('takes a copy that throws instead of rejecting for one that failed', async () => {
    const clock = manualClock()
    let copies = 0
    const broken: Policy = {
      name: 'broken',
      execute(next, context) {
        if (++copies > 1) throw new Error('bug')
        return next(context)
      },
    }
    const promise = run(
      compose(hedge({ clock, delayMs: 100 }), broken),
      () => new Promise((resolve) => clock.scheduleAt(500, () => resolve('first'))),
      { clock },
    )
    await clock.runAll()
    expect(await promise).toBe('first')
    expect(copies).toBe(2)
  })

  it('sends up to maxHedges copies, and none after one has failed', async () => {
    const { start, copies, clock } = hedged({ maxHedges: 3, budget: false })
    const all = start()
    await clock.runAll()
    expect(copies.map(({ atMs }) => atMs)).toEqual([0, 100, 200, 300])
    copies[2]?.resolve('third')
    expect(await all).toBe('third')
    copies.length = 0
    const failing = start()
    await clock.advance(150)
    copies[1]?.reject('down')
    await clock.runAll()
    expect(copies).toHaveLength(2)
    copies[0]?.resolve('up')
    expect(await failing).toBe('up')
  })

  it('sends no copy of what may be applied once only', async () => {
    const { start, copies, clock } = hedged()
    const promise = start({ idempotent: false })
    await clock.runAll()
    copies[0]?.resolve('done')
    expect(await promise).toBe('done')
    expect(copies).toHaveLength(1)
  })

  it('pays from its budget, and says so when that is empty', async () => {
    const { start, copies, clock, events } = hedged({ random: () => 0.999 })
    for (let call = 0; call < 3; call++) start()
    await clock.runAll()
    expect(copies).toHaveLength(4)
    expect(events.map(({ type }) => type)).toEqual(['hedged', 'budgetExhausted', 'budgetExhausted'])
  })

  it('earns for a budget of its own, so that it pays for a tenth of slow calls', async () => {
    const { start, copies, clock } = hedged({ random: () => 0.5 })
    for (let call = 0; call < 200; call++) {
      const outcome = start()
      await clock.advance(1000)
      copies.at(-1)?.resolve('done')
      await outcome
    }
    expect(copies.length).toBeGreaterThan(215)
    expect(copies.length).toBeLessThan(225)
  })

  it('shares the budget of a retry outside, which alone earns', async () => {
    const clock = manualClock()
    const budget = costWeightedBudget({ random: () => 0.999 })
    const backoff = constant(1000)
    let copies = 0
    const policy = compose(
      retry({ clock, budget, backoff, random: () => 0.999 }),
      hedge({ clock, budget, delayMs: 100 }),
    )
    const promise = run(
      policy,
      () => {
        copies++
        return new Promise((_, reject) => {
          clock.scheduleAt(clock.now() + 200, () => reject(failure({ reached: 'maybe' })))
        })
      },
      { clock },
    )
    promise.catch(() => {})
    await clock.runAll()
    await expect(promise).rejects.toMatchObject({ code: 'RETRY_BUDGET_EXHAUSTED' })
    expect(copies).toBe(2)
  })

  it('ends at once on abort, with the reason, and leaves nothing behind', async () => {
    const { start, copies, clock } = hedged()
    const controller = new AbortController()
    const promise = start({ signal: controller.signal })
    await clock.advance(100)
    const signals = copies.map(({ context }) => context.signal)
    controller.abort('stop')
    await expect(promise).rejects.toBe('stop')
    expect(signals.map(({ reason }) => reason)).toEqual(['stop', 'stop'])
    expect(clock.pending).toBe(0)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })

  it('sends no copy when its listener aborts the call', async () => {
    const controller = new AbortController()
    const { start, copies, clock } = hedged({ onEvent: () => controller.abort('enough') })
    const promise = start({ signal: controller.signal })
    await clock.runAll()
    await expect(promise).rejects.toBe('enough')
    expect(copies).toHaveLength(1)
  })

  it('leaves no listener on the signal of a context made by hand, and sends nothing on one that has aborted', async () => {
    const clock = manualClock()
    const policy = hedge({ clock, delayMs: 100 })
    const context = (signal: AbortSignal): CallContext => ({
      signal,
      attempt: 1,
      key: 'k',
      route: 'k',
      priority: 'important',
      tag: undefined,
      idempotent: true,
      deadlineAtMs: Infinity,
    })
    const { signal } = new AbortController()
    let copies = 0
    const next = (derived: CallContext): Promise<number> => {
      copies++
      expect(derived.signal.aborted).toBe(false)
      return Promise.resolve(copies)
    }
    expect(await policy.execute(next, context(signal))).toBe(1)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    await expect(policy.execute(next, context(AbortSignal.abort('before')))).rejects.toBe('before')
    expect(copies).toBe(1)
  })

  it('by default waits as long as 95 % of the calls of late took', async () => {
    const { start, copies, clock, events } = hedged({ delayMs: undefined, budget: false })
    for (let call = 0; call < 40; call++) {
      const promise = start()
      await clock.advance(call % 20 === 0 ? 400 : 50)
      copies.at(-1)?.resolve('ok')
      await promise
    }
    copies.length = 0
    events.length = 0
    const slow = start()
    await clock.advance(1000)
    expect(copies).toHaveLength(2)
    expect(copies[1]?.atMs).toBeGreaterThan((copies[0]?.atMs ?? 0) + 50)
    expect(copies[1]?.atMs).toBeLessThan((copies[0]?.atMs ?? 0) + 60)
    copies[1]?.resolve('copy')
    expect(await slow).toBe('copy')
  })

  it('is not led to hedge ever sooner by the calls that a copy has cut short', async () => {
    const { start, copies, clock } = hedged({
      delayMs: undefined,
      budget: false,
      onEvent: () => clock.scheduleAt(clock.now() + 1, () => copies.at(-1)?.resolve('copy')),
    })
    const random = seededRandom(4)
    let hedges = 0
    for (let call = 0; call < 1000; call++) {
      copies.length = 0
      const promise = start()
      const first = () => copies[0]?.resolve('first')
      clock.scheduleAt(clock.now() + 10 + Math.floor(100 * random()), first)
      await clock.advance(200)
      if (copies.length > 1) hedges++
      copies.at(-1)?.resolve('ok')
      await promise
    }
    expect(hedges).toBeGreaterThan(0)
    expect(hedges).toBeLessThan(1000 * 0.06)
  })

  it('learns nothing from failures', async () => {
    const { start, copies, clock } = hedged({ delayMs: undefined, budget: false })
    for (let call = 0; call < 40; call++) {
      start()
      copies.at(-1)?.reject('refused')
      await clock.advance(1)
    }
    copies.length = 0
    start()
    await clock.runAll()
    expect(copies).toHaveLength(1)
  })

  it('checks its options', () => {
    expect(() => hedge({ delayMs: -1 })).toThrow(
      new RangeError('hedge: delayMs must be a number ≥ 0, got -1'),
    )
    expect(() => hedge({ quantile: 1 })).toThrow(
      new RangeError('hedge: quantile must be a number from 0.5 to 0.999, got 1'),
    )
    expect(() => hedge({ maxHedges: 0.5 })).toThrow(
      new RangeError('hedge: maxHedges must be a whole number ≥ 1 or Infinity, got 0.5'),
    )
  })

  it('works with no option at all', async () => {
    expect(await run(hedge(), () => 'ok')).toBe('ok')
  })
})
