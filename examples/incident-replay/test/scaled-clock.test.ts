import { sleep } from '@evenkeel/core'
import { manualClock } from '@evenkeel/core/testing'
import { describe, expect, it } from 'vitest'
import { scaledClock } from '../src/scenario/scaled-clock.ts'

describe('scaledClock', () => {
  it('passes so many times faster than the clock beneath', async () => {
    const real = manualClock()
    const fast = scaledClock(7, real)
    const startMs = fast.now()
    const wallStartMs = fast.wallNow()
    await real.advance(100)
    expect(fast.now() - startMs).toBe(700)
    expect(fast.wallNow() - wallStartMs).toBe(700)
  })

  it('starts on the same day as the clock beneath', () => {
    const real = manualClock()
    expect(scaledClock(7, real).wallNow()).toBe(real.wallNow())
  })

  it('wakes a sleeper after its part of the real time', async () => {
    const real = manualClock()
    let awake = false
    const sleeping = sleep(1_400, undefined, scaledClock(7, real)).then(() => {
      awake = true
    })
    await real.advance(199)
    expect(awake).toBe(false)
    await real.advance(1)
    await sleeping
    expect(awake).toBe(true)
  })
})
