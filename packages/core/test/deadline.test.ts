import { describe, expect, test } from 'vitest'
import { compose, deadline, errorCode, type Policy, run, timeout } from '../src/index.ts'
import { manualClock } from '../src/testing/index.ts'

/** A manual clock, and how often it was read. */
function counted() {
  const clock = manualClock()
  let reads = 0
  const now = (): number => {
    reads++
    return clock.now()
  }
  return { clock: { ...clock, now }, reads: () => reads }
}

describe('deadline', () => {
  test('gives the call its end, and sets no timer', async () => {
    const clock = manualClock()
    await clock.advance(10)
    const seen = await run(deadline(500, { clock }), ({ deadlineAtMs }) => [
      deadlineAtMs,
      clock.pending,
    ])
    expect(seen).toEqual([510, 0])
  })

  test('leaves its look at the clock to the timeout within it alone: an action may block', async () => {
    const { now: _, ...rest } = manualClock()
    let nowMs = 0
    const clock = { ...rest, now: () => nowMs }
    const pipeline = compose(deadline(60_000, { clock }), timeout(30_000, { clock }))
    const inner = run(pipeline, () => {
      nowMs += 5000
      return run(timeout(1000, { clock }), ({ deadlineAtMs }) => deadlineAtMs)
    })
    expect(await inner).toBe(6000)
  })

  test('never moves a deadline further away', async () => {
    const clock = manualClock()
    const pipeline = compose(deadline(500, { clock }), deadline(900, { clock }))
    expect(await run(pipeline, ({ deadlineAtMs }) => deadlineAtMs)).toBe(500)
    const earlier = run(pipeline, ({ deadlineAtMs }) => deadlineAtMs, { deadlineMs: 100, clock })
    expect(await earlier).toBe(100)
  })

  test('ends the last attempt through a timeout around it', async () => {
    const clock = manualClock()
    const pipeline = compose(deadline(50, { clock }), timeout(1000, { clock }))
    const outcome = run(pipeline, () => new Promise(() => {})).catch(errorCode)
    await clock.advance(50)
    expect(await outcome).toBe('DEADLINE_EXCEEDED')
  })

  test('reads the clock once for itself and a timeout further in', async () => {
    const { clock, reads } = counted()
    const pipeline = compose(deadline(500, { clock }), timeout(100, { clock }))
    expect(await run(pipeline, ({ deadlineAtMs }) => deadlineAtMs)).toBe(100)
    expect(reads()).toBe(1)
  })

  test('is read with the clock of the call: once for its end and a timeout', async () => {
    const { clock, reads } = counted()
    const options = { deadlineMs: 500, clock }
    const end = run(timeout(100, { clock }), ({ deadlineAtMs }) => deadlineAtMs, options)
    expect(await end).toBe(100)
    expect(reads()).toBe(1)
  })

  test('leaves the reading to nobody who waits, nor to another clock or call', async () => {
    const { clock, reads } = counted()
    const other = manualClock()
    await other.advance(7)
    const waits: Policy = {
      name: 'waits',
      async execute(next, context) {
        await clock.advance(20)
        return next(context)
      },
    }
    const throws: Policy = {
      name: 'throws',
      execute() {
        throw new Error('broken')
      },
    }
    const end = (...policies: readonly Policy[]): Promise<unknown> =>
      run(compose(...policies), ({ deadlineAtMs }) => deadlineAtMs)
    expect(await end(deadline(500, { clock }), waits, timeout(100, { clock }))).toBe(120)
    expect(await end(deadline(500, { clock }), timeout(100, { clock: other }))).toBe(107)
    await expect(end(deadline(500, { clock }), throws)).rejects.toThrow('broken')
    await clock.advance(30)
    expect(await end(timeout(100, { clock }))).toBe(150)
    expect(reads()).toBe(5)
  })

  test('leaves the signal and the rest of the context as they are', async () => {
    const controller = new AbortController()
    const context = await run(deadline(50), (each) => each, { key: 'k', ...controller, tag: 1 })
    expect(context).toMatchObject({ key: 'k', tag: 1, attempt: 1 })
    expect(context.signal.aborted).toBe(false)
  })

  test('refuses a time that is none', () => {
    expect(() => deadline(0)).toThrow('deadline: totalMs must be a number ≥ 1, got 0')
  })
})
