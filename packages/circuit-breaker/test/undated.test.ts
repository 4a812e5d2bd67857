import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failureRate } from '../src/index.ts'

interface Stretch {
  readonly restMs: number
  readonly calls: number
  readonly everyMs: number
  readonly failsEvery: number
}

/** Calls that come one after another at an even pace; every so many fail. */
const stretches = fc.array(
  fc.record({
    restMs: fc.constantFrom(0, 0, 1, 700, 3100, 12_000, 31_000),
    calls: fc.integer({ min: 1, max: 600 }),
    everyMs: fc.constantFrom(0, 0.5, 3, 20, 90, 400),
    failsEvery: fc.constantFrom(1, 2, 7, 30, Infinity),
  }),
  { minLength: 1, maxLength: 6 },
)

const [ratio, minCalls, windowMs] = [0.1, 20, 30_000]
const slotMs = windowMs / 10

/** Feeds a trip as the policy does, without the time of a success unless it is wanted; tells of each failure what is true. */
function feed(
  script: readonly Stretch[],
  check: (opened: boolean, calls: number, badCalls: number, mostCalls: number) => void,
): number {
  const trip = failureRate({ ratio, minCalls, windowMs })
  const memory = new Array<number>(trip.size).fill(0)
  const seen: { slot: number; failed: boolean }[] = []
  let badCalls = 0
  let mostCalls = 0
  let nowMs = 1000
  let looks = 0
  for (const { restMs, calls, everyMs, failsEvery } of script) {
    nowMs += restMs
    for (let call = 1; call <= calls; call++) {
      nowMs += everyMs
      const failed = call % failsEvery === 0
      const isTimed = failed || trip.isTimed(memory, 0)
      looks += Number(isTimed)
      const reason = trip.record(memory, 0, failed, 0, isTimed ? nowMs : 0)
      const slot = Math.floor(nowMs / slotMs)
      seen.push({ slot, failed })
      badCalls += Number(failed)
      for (let [oldest] = seen; oldest && oldest.slot <= slot - 10; [oldest] = seen) {
        badCalls -= Number(oldest.failed)
        seen.shift()
      }
      mostCalls = Math.max(mostCalls, seen.length)
      if (failed) check(reason !== undefined, seen.length, badCalls, mostCalls)
    }
  }
  return looks
}

const opens = (calls: number, badCalls: number): boolean =>
  calls >= minCalls && badCalls / calls >= ratio

describe('a time window that does not look at the clock for every success', () => {
  it('misses less than a sixty-fourth of the successes that a naive model counts, and no failure', () => {
    const differing = new Set<boolean>()
    fc.assert(
      fc.property(stretches, (script) => {
        feed(script, (opened, calls, badCalls, mostCalls) => {
          // An expectation for each of a million failures would be most of the time.
          const missing = Math.max(1, Math.min(mostCalls >> 6, 64))
          const isPossible =
            opened === opens(calls, badCalls) ||
            Array.from({ length: missing }, (_, missed) =>
              opens(calls - missed, badCalls),
            ).includes(opened)
          if (!isPossible) expect(opened).toBe(!opened)
          differing.add(opened === opens(calls, badCalls))
        })
      }),
      { numRuns: 300, seed: 20_220_125 },
    )
    // The bound is met, or the test would not know what it tests.
    expect(differing).toEqual(new Set([true, false]))
  })

  it('is exact while calls are few', () => {
    fc.assert(
      fc.property(stretches, (script) => {
        const few = script.map((each) => ({ ...each, calls: Math.min(each.calls, 40) }))
        feed(few, (opened, calls, badCalls) => {
          if (opened !== opens(calls, badCalls)) expect(opened).toBe(!opened)
        })
      }),
      { numRuns: 300, seed: 20_220_125 },
    )
  })

  it('looks once for a sixty-fourth of the calls while they are many, and once for 64 at least', () => {
    const looks = (calls: number): number =>
      feed([{ restMs: 0, calls, everyMs: 0.5, failsEvery: Infinity }], () => {})
    expect(looks(256)).toBe(256)
    expect(looks(320) - looks(256)).toBe(16)
    expect(looks(576) - looks(512)).toBe(8)
    expect(looks(4096 + 640) - looks(4096)).toBe(10)
  })
})
