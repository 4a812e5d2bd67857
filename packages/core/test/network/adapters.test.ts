import { describe, expect, it } from 'vitest'
import {
  interfaceSignals,
  type NetInfoStateLike,
  netInfo,
  networkMonitor,
} from '../../src/network/index.ts'
import { manualClock } from '../../src/testing/index.ts'

describe('netInfo', () => {
  /** A NetInfo that the test moves. */
  function fake() {
    const listeners = new Set<(state: NetInfoStateLike) => void>()
    let state: NetInfoStateLike = { type: 'unknown', isConnected: null }
    return {
      listeners,
      NetInfo: {
        addEventListener(listener: (state: NetInfoStateLike) => void) {
          listeners.add(listener)
          listener(state)
          return () => listeners.delete(listener)
        },
      },
      goes(next: NetInfoStateLike) {
        state = next
        for (const listener of listeners) listener(state)
      },
    }
  }
  const options = { timings: false } as const

  it('tells a monitor what NetInfo knows', () => {
    const { NetInfo, goes, listeners } = fake()
    const monitor = networkMonitor({ ...options, ...netInfo(NetInfo), clock: manualClock() })
    const states = () => [monitor.facts.state, monitor.facts.quality]
    expect(states()).toEqual(['unknown', 'good'])
    goes({ type: 'none', isConnected: false, details: null })
    expect(states()).toEqual(['offline', 'good'])
    goes({ type: 'cellular', isConnected: true, details: { cellularGeneration: '3g' } })
    expect(states()).toEqual(['unknown', 'fair'])
    goes({ type: 'cellular', isConnected: true, details: { cellularGeneration: null } })
    expect(states()).toEqual(['unknown', 'good'])
    monitor.observe({ outcome: 'answered' })
    goes({ type: 'cellular', isConnected: true, isInternetReachable: false })
    expect(states()).toEqual(['offline', 'good'])
    monitor.close()
    expect(listeners.size).toBe(0)
  })

  it('forgets what was measured on another network', () => {
    const { NetInfo, goes } = fake()
    const monitor = networkMonitor({ ...options, ...netInfo(NetInfo), clock: manualClock() })
    goes({ type: 'wifi', isConnected: true })
    for (let each = 0; each < 3; each++) monitor.observe({ outcome: 'answered', rttMs: 1500 })
    goes({ type: 'wifi', isConnected: true, isInternetReachable: true })
    expect(monitor.facts.quality).toBe('poor')
    goes({ type: 'cellular', isConnected: true })
    expect(monitor.facts).toMatchObject({ state: 'online', quality: 'good' })
    monitor.close()
  })
})

describe('interfaceSignals', () => {
  function machine(options = {}) {
    const clock = manualClock()
    const interfaces: Record<string, { internal: boolean }[] | undefined> = {
      lo: [{ internal: true }],
      eth0: [{ internal: false }],
    }
    const heard: string[] = []
    const signals = interfaceSignals({ networkInterfaces: () => interfaces }, { clock, ...options })
    return { clock, interfaces, heard, signals }
  }

  it('looks every five seconds while somebody listens, and tells of each change once', async () => {
    const { clock, interfaces, heard, signals } = machine()
    expect(signals.isOnline()).toBe(true)
    expect(clock.pending).toBe(0)
    const release = signals.listen((signal) => heard.push(signal))
    interfaces.eth0 = undefined
    expect(signals.isOnline()).toBe(false)
    await clock.advance(4999)
    expect(heard).toEqual([])
    await clock.advance(10_000)
    expect(heard).toEqual(['offline'])
    interfaces.wlan0 = [{ internal: false }]
    await clock.advance(5000)
    expect(heard).toEqual(['offline', 'online'])
    release()
    expect(clock.pending).toBe(0)
  })

  it('refuses to look all the time', () => {
    expect(() => machine({ pollMs: 0 })).toThrow(
      new RangeError('interfaceSignals: pollMs must be a number ≥ 1, got 0'),
    )
  })
})
