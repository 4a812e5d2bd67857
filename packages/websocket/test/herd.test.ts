import { seededRandom } from '@evenkeel/core/testing'
import { describe, expect, it } from 'vitest'
import { deepQueue, downUntil, peak, simulate } from './herd.ts'

describe('10,000 clients whose server is down for 60 s', () => {
  it('never make more than 2,500 dials in a second, and are all back within 60 s', () => {
    const { dials, backAtMs } = simulate({
      clients: 10_000,
      random: seededRandom(1),
      dial: downUntil(60_000),
    })
    const most = peak(dials, 1000)
    console.log(
      `peak ${most} dials in a second, ${peak(dials, 100)} in 100 ms; back ${backAtMs} ms`,
    )
    expect(most).toBeLessThanOrEqual(2500)
    expect(backAtMs).toBeLessThanOrEqual(120_000)
  })
})

describe('50,000 clients on a deep accept queue of 500 handshakes a second', () => {
  it('are back within 115 s with the hint, none of them twice', () => {
    const { dials, backAtMs } = simulate({
      clients: 50_000,
      random: seededRandom(1),
      advice: { windowMs: 110_000 },
      dial: deepQueue(500, 10_000),
    })
    console.log(`hinted: ${dials.length} dials, back ${backAtMs} ms`)
    expect(backAtMs).toBeLessThanOrEqual(115_000)
    expect(dials.length).toBe(50_000)
  })

  it('are back within 600 s without it', () => {
    const { dials, backAtMs } = simulate({
      clients: 50_000,
      random: seededRandom(1),
      dial: deepQueue(500, 10_000),
    })
    console.log(`blind: ${dials.length} dials, back ${backAtMs} ms`)
    expect(backAtMs).toBeLessThanOrEqual(600_000)
  })
})
