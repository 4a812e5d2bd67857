import { describe, expect, it } from 'vitest'
import { Drain } from '../src/drain.ts'

describe('an estimate of a wait', () => {
  it('is none before a place has become free', () => {
    const drain = new Drain()
    expect(drain.waitMs(1, 0)).toBeUndefined()
    drain.want(0)
    expect(drain.waitMs(1, 50)).toBeUndefined()
    drain.free(100)
    expect(drain.waitMs(3, 100)).toBe(300)
  })

  it('counts only the time in which somebody waits', () => {
    const drain = new Drain()
    drain.want(0)
    drain.want(90)
    drain.free(100)
    drain.rest()
    expect(drain.isWanted).toBe(false)
    drain.want(10_000)
    expect(drain.waitMs(1, 10_000)).toBe(100)
    drain.free(10_300)
    expect(drain.waitMs(1, 10_300)).toBe(200)
  })

  it('grows while a server stalls', () => {
    const drain = new Drain()
    drain.want(0)
    drain.free(100)
    expect(drain.waitMs(2, 1000)).toBe(2000)
  })

  it('forgets how it was: two hundred ends after a server became ten times as slow, it is 98 % of that', () => {
    const drain = new Drain()
    let nowMs = 0
    const free = (count: number, eachMs: number): void => {
      for (let end = 0; end < count; end++) {
        nowMs += eachMs
        drain.free(nowMs)
      }
    }
    drain.want(0)
    free(1000, 10)
    expect(drain.waitMs(1, nowMs)).toBe(10)
    free(200, 100)
    expect(drain.waitMs(1, nowMs)).toBeGreaterThan(98)
    expect(drain.waitMs(1, nowMs)).toBeLessThan(100)
  })
})
