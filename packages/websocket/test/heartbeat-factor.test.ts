import { manualClock } from '@evenkeel/core/testing'
import { expect, it } from 'vitest'
import { heartbeat } from '../src/index.ts'
import { FakeWebSocket } from './fake-web-socket.ts'

it('beats less often while its host says so, and again as before when that is over', async () => {
  const clock = manualClock()
  const inner = new FakeWebSocket('wss://api.example.com')
  inner.readyState = 1
  const atMs: number[] = []
  let factor = 2
  inner.send = () => {
    atMs.push(clock.now())
    clock.scheduleAt(clock.now() + 10, () => heart.heard())
  }
  const heart = heartbeat({ intervalMs: 1000, message: 'beat' }).start(
    { clock, random: () => 1, intervalFactor: () => factor },
    inner,
    undefined,
    () => {},
  )
  await clock.advance(4000)
  expect(atMs).toEqual([2000, 4000])
  await clock.advance(10)
  factor = 1
  await clock.advance(3990)
  // The wait that had begun is not cut short.
  expect(atMs).toEqual([2000, 4000, 6000, 7000, 8000])
  heart.stop()
  expect(clock.pending).toBe(1)
})
