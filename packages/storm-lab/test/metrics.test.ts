import { describe, expect, it } from 'vitest'
import { Windows, windowMs } from '../src/metrics/windows.ts'
import { jainIndex, recoveryMs } from '../src/report/storm-metrics.ts'

describe('recovery', () => {
  /** Windows of so many calls, and so many of them that failed. */
  function windowsOf(calls: number, failed: readonly number[]): Windows {
    const windows = new Windows(failed.length * windowMs, 3, 1)
    for (const [at, count] of failed.entries()) {
      windows.calls[at] = calls
      windows.failed[at] = count
    }
    return windows
  }

  it('is when a minute begins in which 99 % succeed', () => {
    const failed = [500, 500, 300, 20, 10, 10, 10, 5, 5, 5, 5, 5]
    expect(recoveryMs(windowsOf(1000, failed), 10_000)).toBe(30_000)
  })

  it('is not before the last bad ten seconds of that minute', () => {
    expect(recoveryMs(windowsOf(1000, [0, 0, 40, 0, 0, 0, 0, 0, 0, 0]), 0)).toBe(30_000)
  })

  it('takes one failure of few for none, unless there are more in the minute', () => {
    expect(recoveryMs(windowsOf(20, [0, 1, 0, 0, 0, 0, 0, 0, 0]), 0)).toBe(0)
    expect(recoveryMs(windowsOf(20, [1, 1, 1, 0, 0, 0, 0, 0, 0]), 0)).toBe(20_000)
  })

  it('is never, if it never comes', () => {
    expect(recoveryMs(windowsOf(1000, new Array(30).fill(20)), 0)).toBeNull()
  })
})

describe("Jain's index", () => {
  it('is 1 when all fare the same, and a share of 1 when few have all', () => {
    expect(jainIndex([3, 6], [10, 20])).toBe(1)
    expect(jainIndex([5, 0, 0, 0], [5, 5, 5, 5])).toBe(0.25)
  })

  it('leaves out who made no call', () => {
    expect(jainIndex([2, 0], [2, 0])).toBe(1)
    expect(jainIndex([], [])).toBeNull()
  })
})
