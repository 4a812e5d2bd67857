import { describe, expect, it } from 'vitest'
import { fixedWindows, slidingWindows } from '../src/limits/windows.ts'

const start = 1_800_000_000_000

describe('fixed windows', () => {
  it('open with the first request and let a limit through until they end', () => {
    const windows = fixedWindows()
    const take = (atMs: number) => windows.take('key', 2, 1_000, start + atMs)
    expect(take(0)).toEqual({ ok: true, remaining: 1, resetAt: start + 1_000 })
    expect(take(900)).toEqual({ ok: true, remaining: 0, resetAt: start + 1_000 })
    expect(take(999)).toEqual({ ok: false, remaining: 0, resetAt: start + 1_000 })
    expect(take(1_000)).toEqual({ ok: true, remaining: 1, resetAt: start + 2_000 })
  })

  it('let twice the limit through around a border', () => {
    const windows = fixedWindows()
    const times = [0, 999, 1_000, 1_001]
    expect(times.map((at) => windows.take('key', 2, 1_000, start + at).ok)).toEqual([
      true,
      true,
      true,
      true,
    ])
  })

  it('count each key apart', () => {
    const windows = fixedWindows()
    expect(windows.take('a', 1, 1_000, start).ok).toBe(true)
    expect(windows.take('b', 1, 1_000, start).ok).toBe(true)
    expect(windows.take('a', 1, 1_000, start).ok).toBe(false)
  })

  it('forget keys whose window is over, however many come', () => {
    const windows = fixedWindows()
    let largest = 0
    for (let index = 0; index < 20_000; index++) {
      windows.take(`key-${index}`, 1, 1_000, start + index * 10)
      largest = Math.max(largest, windows.size)
    }
    expect(largest).toBeLessThanOrEqual(1_025)
  })
})

describe('sliding windows', () => {
  it('never let more than the limit through in any stretch of their length', () => {
    const windows = slidingWindows()
    const times = [0, 999, 1_000, 1_001, 1_998, 1_999]
    expect(times.map((at) => windows.take('key', 2, 1_000, start + at).ok)).toEqual([
      true,
      true,
      true,
      false,
      false,
      true,
    ])
  })

  it('tell when the oldest request leaves', () => {
    const windows = slidingWindows()
    windows.take('key', 2, 1_000, start)
    windows.take('key', 2, 1_000, start + 400)
    expect(windows.take('key', 2, 1_000, start + 500)).toEqual({
      ok: false,
      remaining: 0,
      resetAt: start + 1_000,
    })
  })

  it('forget keys that nobody has used for a window', () => {
    const windows = slidingWindows()
    let largest = 0
    for (let index = 0; index < 20_000; index++) {
      windows.take(`key-${index}`, 1, 1_000, start + index * 10)
      largest = Math.max(largest, windows.size)
    }
    expect(largest).toBeLessThanOrEqual(1_025)
  })
})
