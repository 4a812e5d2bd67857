import { seededRandom } from '@evenkeel/core/testing'
import { describe, expect, it } from 'vitest'
import { Kernel } from '../src/kernel/kernel.ts'
import { Ring } from '../src/kernel/ring.ts'

describe('the kernel', () => {
  it('handles events in the order of their instants, and those of one instant as they came', () => {
    const kernel = new Kernel()
    const random = seededRandom(1)
    const handled: [atMs: number, subject: number][] = []
    const kind = kernel.on((subject) => handled.push([kernel.nowMs, subject]))
    const entered = Array.from({ length: 5000 }, (_, subject) => {
      const atMs = Math.floor(random() * 500)
      kernel.at(atMs, kind, subject)
      return [atMs, subject] as const
    })
    kernel.run(1000)
    expect(handled).toEqual([...entered].sort((a, b) => a[0] - b[0] || a[1] - b[1]))
    expect(kernel.handled).toBe(5000)
    expect(kernel.nowMs).toBe(1000)
  })

  it('merges lanes with the rest, in the same order', () => {
    const kernel = new Kernel()
    const handled: string[] = []
    const plain = kernel.on((subject) => handled.push(`plain ${subject}`))
    const lane = kernel.lane(10, (subject, stamp) => handled.push(`lane ${subject}.${stamp}`))
    kernel.at(10, plain, 1)
    kernel.after(lane, 2, 7)
    kernel.at(10, plain, 3)
    kernel.at(5, plain, 4)
    kernel.run(20)
    expect(handled).toEqual(['plain 4', 'plain 1', 'lane 2.7', 'plain 3'])
  })

  it('keeps a lane in order while it grows and turns over', () => {
    const kernel = new Kernel()
    const handled: number[] = []
    const lane = kernel.lane(1000, (subject) => handled.push(subject))
    const enter = kernel.on((subject) => kernel.after(lane, subject))
    for (let each = 0; each < 3000; each++) kernel.at(each, enter, each)
    kernel.run(10_000)
    expect(handled).toEqual(Array.from({ length: 3000 }, (_, each) => each))
  })

  it('takes an event for an instant that has passed as due now', () => {
    const kernel = new Kernel()
    kernel.run(100)
    let atMs = 0
    kernel.at(
      50,
      kernel.on(() => {
        atMs = kernel.nowMs
      }),
      0,
    )
    kernel.run(200)
    expect(atMs).toBe(100)
  })

  it('leaves for later what is not due', () => {
    const kernel = new Kernel()
    let count = 0
    const kind = kernel.on(() => count++)
    kernel.at(100, kind, 0)
    kernel.run(99.9)
    expect(count).toBe(0)
    kernel.run(100)
    expect(count).toBe(1)
    expect(kernel.step(1000)).toBe(false)
  })

  it('tells kinds and subjects apart, and refuses what it could not', () => {
    const kernel = new Kernel()
    const handled: string[] = []
    const kinds = Array.from({ length: 100 }, (_, each) =>
      kernel.on((subject) => handled.push(`${each} ${subject}`)),
    )
    const kind = kinds[99] as number
    kernel.at(0, kind, 2 ** 32 - 1)
    kernel.at(1, kinds[98] as number, 0)
    kernel.run(1)
    expect(handled).toEqual(['99 4294967295', '98 0'])
    expect(() => kernel.at(0, kind, 2 ** 32)).toThrow(RangeError)
  })
})

describe('a ring', () => {
  it('gives what was put in from either end, with its stamp', () => {
    const ring = new Ring()
    for (let row = 0; row < 200; row++) ring.push(row, row + 1000)
    for (let row = 0; row < 150; row++) expect(ring.shift()).toBe(row)
    for (let row = 200; row < 700; row++) ring.push(row, row + 1000)
    expect(ring.length).toBe(550)
    expect(ring.first()).toBe(150)
    expect(ring.pop()).toBe(699)
    expect(ring.stamp).toBe(1699)
    expect(ring.shift()).toBe(150)
    expect(ring.stamp).toBe(1150)
  })
})
