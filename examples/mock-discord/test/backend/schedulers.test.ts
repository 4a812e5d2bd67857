import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { EventHeap } from '../../src/backend/event-heap.ts'
import { PacedScheduler } from '../../src/backend/paced-scheduler.ts'
import { VirtualScheduler } from '../../src/backend/virtual-scheduler.ts'

describe('the event heap', () => {
  it('gives events by time, equals by entry, without those that left', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.boolean())), (entries) => {
        const heap = new EventHeap()
        const events = entries.map(([atMs]) => heap.push(() => {}, atMs))
        entries.forEach(([, leaves], index) => {
          if (leaves) events[index]?.cancel()
        })
        const expected = entries
          .map(([atMs, leaves], order) => ({ atMs, order, leaves }))
          .filter(({ leaves }) => !leaves)
          .sort((a, b) => a.atMs - b.atMs || a.order - b.order)
          .map(({ order }) => order)
        const given: number[] = []
        for (let event = heap.pop(); event; event = heap.pop()) given.push(event.order)
        expect(given).toEqual(expected)
      }),
    )
  })
})

describe('the virtual scheduler', () => {
  it('runs what falls due in order, also what is scheduled meanwhile', () => {
    const scheduler = new VirtualScheduler()
    const log: string[] = []
    scheduler.schedule(() => log.push(`${scheduler.now()} b`), 20)
    scheduler.schedule(() => {
      log.push(`${scheduler.now()} a`)
      scheduler.schedule(() => log.push(`${scheduler.now()} c`), 5)
    }, 10)
    scheduler.advance(20)
    expect(log).toEqual(['10 a', '15 c', '20 b'])
    expect(scheduler.now()).toBe(20)
  })
})

describe('the paced scheduler', () => {
  afterEach(() => {
    vi.restoreAllMocks()
    vi.useRealTimers()
  })

  it('runs each event at the time it was due, however late it comes to it', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const wall = vi.spyOn(performance, 'now').mockReturnValue(1_000)
    const scheduler = new PacedScheduler()
    const log: number[] = []
    const again = () => {
      log.push(scheduler.now())
      if (log.length < 4) scheduler.schedule(again, 10)
    }
    scheduler.schedule(again, 10)
    scheduler.schedule(() => log.push(Number.NaN), 15).cancel()
    wall.mockReturnValue(1_500)
    vi.advanceTimersByTime(10)
    expect(log).toEqual([1_010, 1_020, 1_030, 1_040])
    expect(scheduler.now()).toBe(1_500)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('waits for the nearest event, also when it was scheduled last', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const scheduler = new PacedScheduler()
    const log: string[] = []
    scheduler.schedule(() => log.push('b'), 50)
    scheduler.schedule(() => log.push('a'), 20)
    vi.advanceTimersByTime(20)
    expect(log).toEqual(['a'])
    vi.advanceTimersByTime(30)
    expect(log).toEqual(['a', 'b'])
  })

  it('asks for no negative wait when an event is overdue', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const wall = vi.spyOn(performance, 'now').mockReturnValue(1_000)
    const waits = vi.spyOn(globalThis, 'setTimeout')
    const scheduler = new PacedScheduler()
    scheduler.schedule(() => {}, 50)
    wall.mockReturnValueOnce(1_010).mockReturnValue(1_100)
    scheduler.schedule(() => {}, 5)
    expect(waits.mock.calls.map(([, waitMs]) => waitMs)).toEqual([50, 1])
  })

  it('catches up when asked, and has no timer left after close', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const scheduler = new PacedScheduler()
    let ran = 0
    scheduler.schedule(() => ran++, 0)
    scheduler.settle()
    expect(ran).toBe(1)
    scheduler.schedule(() => ran++, 2 ** 40)
    expect(vi.getTimerCount()).toBe(1)
    scheduler.close()
    expect(vi.getTimerCount()).toBe(0)
  })
})
