import { getEventListeners } from 'node:events'
import { describe, expect, test, vi } from 'vitest'
import { sleep } from '../src/index.ts'
import { manualClock } from '../src/testing/index.ts'

describe('sleep', () => {
  test('ends when its time has come, and not before', async () => {
    const clock = manualClock()
    const done = vi.fn()
    sleep(100, undefined, clock).then(done)
    await clock.advance(99)
    expect(done).not.toHaveBeenCalled()
    await clock.advance(1)
    expect(done).toHaveBeenCalledTimes(1)
  })

  test('rejects when its delay is no number, and leaves nothing behind', async () => {
    const clock = manualClock()
    const { signal } = new AbortController()
    await expect(sleep(Number.NaN, signal, clock)).rejects.toThrow(RangeError)
    expect(clock.pending).toBe(0)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  test('rejects at once with the reason when it is aborted, and leaves neither timer nor listener', async () => {
    const clock = manualClock()
    const controller = new AbortController()
    const outcome = sleep(5000, controller.signal, clock)
    controller.abort('enough')
    await expect(outcome).rejects.toBe('enough')
    expect(clock.pending).toBe(0)
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })

  test('does not begin after an abort', async () => {
    const clock = manualClock()
    await expect(sleep(5, AbortSignal.abort('before'), clock)).rejects.toBe('before')
    expect(clock.pending).toBe(0)
  })

  test('lets go of its signal when it has ended', async () => {
    const clock = manualClock()
    const { signal } = new AbortController()
    const naps = Array.from({ length: 300 }, (_, index) => sleep(index, signal, clock))
    expect(getEventListeners(signal, 'abort').length).toBe(1)
    await clock.advance(300)
    await Promise.all(naps)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('waits on the clock of the platform unless told otherwise', async () => {
    await sleep(0)
    await sleep(-5, new AbortController().signal)
  })
})
