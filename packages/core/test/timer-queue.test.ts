import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Timer } from '../src/index.ts'
import { timerQueue } from '../src/timer-queue.ts'

async function collectGarbage(): Promise<void> {
  // A WeakRef holds its target until the end of the job that made it.
  await new Promise(setImmediate)
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
}

describe('timerQueue', () => {
  test('gives the waits in the order of their time, equal ones as they came', () => {
    const queue = timerQueue()
    const ran: string[] = []
    for (const [atMs, name] of [
      [30, 'c'],
      [10, 'a'],
      [20, 'b1'],
      [20, 'b2'],
      [5, 'z'],
      [20, 'b3'],
    ] as const)
      queue.add(atMs, () => ran.push(name))
    expect(queue.nextAtMs).toBe(5)
    for (let due = queue.take(25); due; due = queue.take(25)) due()
    expect(ran).toEqual(['z', 'a', 'b1', 'b2', 'b3'])
    expect(queue.nextAtMs).toBe(30)
    expect(queue.size).toBe(1)
  })

  test('has nothing due when empty', () => {
    const queue = timerQueue()
    expect(queue.take(Infinity)).toBeUndefined()
    expect(queue.nextAtMs).toBe(Infinity)
    expect(queue.size).toBe(0)
  })

  test('refuses an instant that is no number, and goes on with the others', () => {
    const queue = timerQueue()
    const due = (): void => {}
    queue.add(5, due)
    expect(() => queue.add(Number.NaN, due)).toThrow(
      new RangeError('clock: atMs must be a number ≥ -Infinity, got NaN'),
    )
    expect([queue.size, queue.nextAtMs]).toEqual([1, 5])
  })

  test('forgets what is cancelled, once, and never after it ran', () => {
    const queue = timerQueue()
    const first = queue.add(1, () => {})
    const second = queue.add(2, () => {})
    first.cancel()
    first.cancel()
    expect([queue.size, queue.nextAtMs]).toEqual([1, 2])
    queue.take(2)
    second.cancel()
    expect([queue.size, queue.nextAtMs]).toEqual([0, Infinity])
  })

  test('agrees with a sorted array, whatever is added, cancelled and taken', () => {
    const operation = fc.oneof(
      fc.record({ add: fc.nat(30) }),
      fc.record({ cancel: fc.nat(100) }),
      fc.record({ take: fc.nat(30) }),
    )
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 300 }), (operations) => {
        const queue = timerQueue()
        const timers: Timer[] = []
        let model: { readonly atMs: number; readonly id: number }[] = []
        const ran: number[] = []
        const expected: number[] = []
        for (const each of operations) {
          if ('add' in each) {
            const id = timers.length
            timers.push(queue.add(each.add, () => ran.push(id)))
            model.push({ atMs: each.add, id })
            model.sort((a, b) => a.atMs - b.atMs || a.id - b.id)
          } else if ('cancel' in each) {
            timers[each.cancel]?.cancel()
            model = model.filter(({ id }) => id !== each.cancel)
          } else {
            queue.take(each.take)?.()
            if (model[0] && model[0].atMs <= each.take) expected.push(model.shift()?.id as number)
          }
          expect(queue.size).toBe(model.length)
          expect(queue.nextAtMs).toBe(model[0]?.atMs ?? Infinity)
        }
        expect(ran).toEqual(expected)
      }),
      { seed: 3, numRuns: 300 },
    )
  })

  test.each([
    ['last to first', (index: number) => index],
    ['first to last', (index: number) => -index],
    ['here and there', (index: number) => (index * 7919) % 10_007],
  ])('holds no memory of 10,000 waits cancelled %s, behind one that stays', async (_, timeOf) => {
    const queue = timerQueue()
    queue.add(0, () => {})
    queue.add(5000, () => {})
    const timers = Array.from({ length: 10_000 }, (_, index) => queue.add(timeOf(index), () => {}))
    const references = timers.map((timer) => new WeakRef(timer))
    for (const timer of timers.splice(0)) timer.cancel()
    await collectGarbage()
    const held = references.filter((reference) => reference.deref() !== undefined)
    expect(held.length).toBeLessThanOrEqual(20)
    expect(queue.size).toBe(2)
  })
})
