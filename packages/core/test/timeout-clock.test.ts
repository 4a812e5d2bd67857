import { afterEach, describe, expect, it, vi } from 'vitest'

describe('the clock of timeouts', () => {
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
    vi.resetModules()
  })

  async function timersOf(userAgent: string): Promise<number> {
    vi.stubGlobal('navigator', { userAgent })
    vi.resetModules()
    vi.useFakeTimers()
    const { timeoutClock } = await import('../src/timeout-clock.ts')
    for (const delayMs of [10, 20, 30]) timeoutClock.scheduleAt(timeoutClock.now() + delayMs, vi.fn)
    return vi.getTimerCount()
  }

  it('has one timer of the platform for all', async () => {
    expect(await timersOf('Node.js/24')).toBe(1)
  })

  it('has one for each where it ends with the request that set it, in a Worker of Cloudflare’s', async () => {
    expect(await timersOf('Cloudflare-Workers')).toBe(3)
  })
})
