import { expect, it } from 'vitest'
import { answerLimitMs, heard, look, newPulse, wake } from '../src/pulse.ts'

const rules = { intervalMs: 30_000, timeoutMs: 10_000, leastTimeoutMs: 3000 }
const start = (chance = 0.5, rttMs?: number) => newPulse(rttMs, rules, 0, () => chance)

it.each([0, 0.25, 0.999])('beats first anywhere in the interval: chance %d', (chance) => {
  expect(start(chance).dueAtMs).toBe(chance * 30_000)
})

it('beats once an interval while it is answered', () => {
  const pulse = start()
  const beats: number[] = []
  for (let nowMs = 0; nowMs < 120_000; nowMs += 500) {
    const action = look(pulse, rules, nowMs)
    if (action === 'beat') beats.push(nowMs)
    expect(action).not.toBe('dead')
    if (action === 'beat') heard(pulse, rules, nowMs + 40)
  }
  expect(beats).toEqual([15_000, 45_000, 75_000, 105_000])
})

it('is dead when nothing follows a beat in 10 s and a second of grace', () => {
  const pulse = start()
  expect(look(pulse, rules, 15_000)).toBe('beat')
  expect(look(pulse, rules, 25_999)).toBe('wait')
  expect(look(pulse, rules, 26_000)).toBe('dead')
})

it.each([
  [undefined, 10_000],
  [10, 3000],
  [2000, 8000],
  [20_000, 30_000],
])('gives an answer four round trips: of %d ms, %d ms', (rttMs, limitMs) => {
  expect(answerLimitMs(start(0, rttMs), rules)).toBe(limitMs)
})

it('smooths the round trip', () => {
  const pulse = start()
  look(pulse, rules, 15_000)
  heard(pulse, rules, 15_080)
  expect(pulse.rttMs).toBe(80)
  look(pulse, rules, 45_000)
  heard(pulse, rules, 45_160)
  expect(pulse.rttMs).toBe(90)
})

it('measures nothing by what comes unasked', () => {
  const pulse = start()
  heard(pulse, rules, 10)
  expect(pulse.rttMs).toBeUndefined()
})

it('asks again when a look comes late: the machine slept; and judges then', () => {
  const pulse = start()
  look(pulse, rules, 15_000)
  expect(look(pulse, rules, 7_200_000)).toBe('beat')
  expect(look(pulse, rules, 7_211_000)).toBe('dead')
})

it('judges although every look is late, as on a hidden page', () => {
  const pulse = start()
  const looks = [60_000, 120_000, 180_000].map((nowMs) => look(pulse, rules, nowMs))
  expect(looks).toEqual(['beat', 'beat', 'dead'])
})

it('asks when it is woken, and judges within 4 s', () => {
  const pulse = start()
  expect(wake(pulse, rules, 7_200_000)).toBe('beat')
  expect(look(pulse, rules, 7_203_999)).toBe('wait')
  expect(look(pulse, rules, 7_204_000)).toBe('dead')
})

it('does not ask when something just came in, or when it has just asked', () => {
  const pulse = start()
  expect(wake(pulse, rules, 500)).toBe('wait')
  expect([wake(pulse, rules, 5000), wake(pulse, rules, 6000)]).toEqual(['beat', 'wait'])
})
