import { describe, expect, test } from 'vitest'
import { compose, deadline, errorCode, run, timeout } from '../src/index.ts'
import { manualClock } from '../src/testing/index.ts'

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
