import { systemClock } from '@evenkeel/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { rotate } from '../src/rotation.ts'
import { dropIn, world } from './world.ts'

/** A connection of which a process is told whether it lives for it. */
function told(inner: object) {
  const calls: string[] = []
  Object.assign(inner, { ref: () => calls.push('ref'), unref: () => calls.push('unref') })
  return calls
}

describe('unref()', () => {
  it('lets go of the open connection, and ref() takes it back', async () => {
    const w = world()
    const calls = told(await w.accept())
    expect(w.socket.unref()).toBe(w.socket)
    expect(w.socket.ref()).toBe(w.socket)
    expect(calls).toEqual(['unref', 'ref'])
  })

  it('is the same of the drop-in class', async () => {
    const w = dropIn()
    const calls = told(await w.accept())
    expect(w.socket.unref()).toBe(w.socket)
    expect(w.socket.ref()).toBe(w.socket)
    expect(calls).toEqual(['unref', 'ref'])
  })

  it('holds for every connection that opens after it', async () => {
    const w = world()
    w.socket.unref()
    await w.clock.advance(0)
    const first = told(w.inner)
    w.inner.accept()
    w.inner.cut()
    await w.untilDial()
    const second = told(w.inner)
    w.inner.accept()
    w.socket.ref()
    expect([first, second]).toEqual([['unref'], ['unref', 'ref']])
  })

  it('lets go of the one that replaces another, too', async () => {
    const w = world({ rotation: rotate({ maxAgeMs: 60_000 }) })
    const first = told(await w.accept())
    await w.clock.advance(60_000)
    const second = told(w.inner)
    w.socket.unref()
    expect([w.sockets.length, first, second]).toEqual([2, ['unref'], ['unref']])
  })

  it('goes to the connection of ws by its socket', async () => {
    const w = world()
    const inner = await w.accept()
    const calls: string[] = []
    Object.assign(inner, { _socket: { unref: () => calls.push('unref') } })
    w.socket.unref().ref()
    expect(calls).toEqual(['unref'])
  })

  it('changes nothing where nothing can be told', async () => {
    const w = world()
    await w.accept()
    w.socket.unref().ref().unref()
    expect(w.socket.state).toBe('open')
  })
})

describe('on the platform’s own clock', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('a socket has one timer more until its connection is open, and only while it is ref’d', async () => {
    const w = world({ clock: systemClock })
    const timers = () => vi.getTimerCount()
    await vi.advanceTimersByTimeAsync(0)
    expect(timers()).toBe(2)
    w.socket.unref()
    expect(timers()).toBe(1)
    w.socket.ref()
    expect(timers()).toBe(2)
    w.inner.accept()
    expect(timers()).toBe(0)
    w.inner.cut()
    expect(timers()).toBe(2)
    w.socket.close()
    await vi.advanceTimersByTimeAsync(0)
    expect(timers()).toBe(0)
    w.socket.reconnect()
    expect(timers()).toBe(1)
    w.socket.close()
    await vi.advanceTimersByTimeAsync(0)
    expect(timers()).toBe(0)
  })
})
