import { expect, it } from 'vitest'
import { answeredAfter, attemptTimer, timedOutAfter } from '../../src/network/index.ts'

it('needs nothing before it has been used', () => {
  expect(attemptTimer().neededMs).toBe(0)
})

// The figures of RFC 6298 §2, by hand.
it.each([
  [[100], 300],
  [[100, 100], 250],
  [[100, 100, 100, 100, 100, 100], 100 + 4 * 50 * 0.75 ** 5],
  [[100, 500], 150 + 4 * (50 + (400 - 50) / 4)],
])('after answers in %j ms needs %d', (times, expected) => {
  const timer = attemptTimer()
  for (const elapsedMs of times) answeredAfter(timer, elapsedMs)
  expect(timer.neededMs).toBeCloseTo(expected, 9)
})

it('needs twice as long after each timeout, until there is an answer', () => {
  const timer = attemptTimer()
  timedOutAfter(timer, 2000)
  expect(timer.neededMs).toBe(4000)
  timedOutAfter(timer, 4000)
  expect(timer.neededMs).toBe(8000)
  // That of an attempt which began earlier, with less time, says nothing new.
  timedOutAfter(timer, 2000)
  expect(timer.neededMs).toBe(8000)
  answeredAfter(timer, 1000)
  expect(timer.neededMs).toBe(3000)
})
