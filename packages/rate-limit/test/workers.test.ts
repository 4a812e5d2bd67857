import type { Clock, Timer } from '@evenkeel/core'
import { manualClock } from '@evenkeel/core/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { refusal } from './world.ts'

/** A clock in a Worker of Cloudflare's: its timers belong to the request that set them, and end with it. */
function requestClock() {
  const manual = manualClock()
  const timers: { readonly request: string; readonly timer: Timer }[] = []
  let current = ''
  const as = <T>(request: string, act: () => T): T => {
    current = request
    return act()
  }
  const clock: Clock = {
    ...manual,
    scheduleAt(atMs, callback) {
      const request = current
      const timer = manual.scheduleAt(atMs, () => as(request, callback))
      timers.push({ request, timer })
      return timer
    },
  }
  const end = (request: string): void => {
    for (const each of timers) if (each.request === request) each.timer.cancel()
  }
  return { manual, clock, as, end }
}

describe('in a Worker of Cloudflare’s', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.resetModules()
  })

  async function world(userAgent: string) {
    vi.stubGlobal('navigator', { userAgent })
    vi.resetModules()
    const { run } = await import('@evenkeel/core')
    const { rateLimit } = await import('../src/rate-limit.ts')
    const { manual, clock, as, end } = requestClock()
    const limit = rateLimit({ clock, random: () => 0, rampMs: 0 })
    const call = (request: string, action: () => unknown) =>
      as(request, () => run(limit, action, { clock }))
    const served: string[] = []
    await call('first', () => Promise.reject(refusal(1000))).catch(() => {})
    end('first')
    for (const request of ['one', 'two', 'three']) void call(request, () => served.push(request))
    end('three')
    return { manual, served }
  }

  it('a call that waits needs no timer of a request that has ended', async () => {
    const { manual, served } = await world('Cloudflare-Workers')
    await manual.advance(1000)
    expect(served).toContain('one')
    expect(served).toContain('two')
    await manual.advance(60_000)
    expect(manual.pending).toBe(0)
  })

  it('it would have needed that of the last one to come', async () => {
    const { manual, served } = await world('elsewhere')
    await manual.advance(60_000)
    expect(served).toEqual([])
  })
})
