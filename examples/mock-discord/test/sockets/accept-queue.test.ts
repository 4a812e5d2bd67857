import { describe, expect, it } from 'vitest'
import { VirtualScheduler } from '../../src/backend/virtual-scheduler.ts'
import { AcceptQueue } from '../../src/sockets/accept-queue.ts'

function queue(acceptPerSecond: number, acceptQueueLength = 1_000) {
  const scheduler = new VirtualScheduler()
  const accepts = new AcceptQueue(scheduler, () => ({ acceptPerSecond, acceptQueueLength }))
  const atMs: number[] = []
  const push = () => accepts.push(() => atMs.push(scheduler.now()))
  return { scheduler, accepts, atMs, push }
}

describe('the accept queue', () => {
  it('takes everyone at once when it has no rate', () => {
    const { push, atMs } = queue(Number.POSITIVE_INFINITY)
    expect([push(), push()]).toEqual([true, true])
    expect(atMs).toEqual([0, 0])
  })

  it('takes one after the other, each in its turn', () => {
    const { push, atMs, scheduler, accepts } = queue(10)
    for (let index = 0; index < 4; index++) push()
    expect(accepts.length).toBe(3)
    scheduler.advance(1_000)
    expect(atMs).toEqual([0, 100, 200, 300])
  })

  it('owes nothing for time in which nobody came', () => {
    const { push, atMs, scheduler } = queue(10)
    scheduler.advance(10_000)
    push()
    push()
    scheduler.advance(1_000)
    expect(atMs).toEqual([10_000, 10_100])
  })

  it('turns away whom it has no room for', () => {
    const { push } = queue(10, 2)
    expect([push(), push(), push(), push()]).toEqual([true, true, true, false])
  })

  it('forgets everyone, and leaves no timer', () => {
    const { push, atMs, scheduler, accepts } = queue(10)
    push()
    push()
    accepts.clear()
    expect([scheduler.pending, accepts.length]).toEqual([0, 0])
    scheduler.advance(1_000)
    expect(atMs).toEqual([0])
  })
})
