import {
  type NetworkChanged,
  type NetworkMonitorOptions,
  networkMonitor,
  type ResourceTimingLike,
} from '../../src/network/index.ts'
import { manualClock } from '../../src/testing/index.ts'

/** A monitor on a manual clock, and a platform that the test moves. */
export function world(options: NetworkMonitorOptions = {}) {
  const clock = manualClock()
  const signalListeners = new Set<(signal: string) => void>()
  const changeListeners = new Set<() => void>()
  const timingListeners = new Set<(timing: ResourceTimingLike) => void>()
  const platform = { isOnline: true }
  const connection = {
    effectiveType: undefined as string | undefined,
    rtt: 0,
    downlink: 0,
    saveData: false,
    type: undefined as string | undefined,
    addEventListener: (_: 'change', listener: () => void) => void changeListeners.add(listener),
    removeEventListener: (_: 'change', listener: () => void) =>
      void changeListeners.delete(listener),
  }
  const events: NetworkChanged[] = []
  const monitor = networkMonitor({
    clock,
    connection,
    signals: {
      isOnline: () => platform.isOnline,
      listen(listener) {
        signalListeners.add(listener)
        return () => signalListeners.delete(listener)
      },
    },
    timings(listener) {
      timingListeners.add(listener)
      return () => timingListeners.delete(listener)
    },
    ...options,
  })
  monitor.listen((event) => events.push(event))

  const signal = (name: string): void => {
    for (const listener of signalListeners) listener(name)
  }
  return {
    clock,
    monitor,
    events,
    platform,
    connection,
    signal,
    /** Changes what the platform says, and tells of it. */
    goes(state: 'online' | 'offline') {
      platform.isOnline = state === 'online'
      signal(state)
    },
    connects(changes: Partial<typeof connection>) {
      Object.assign(connection, changes)
      for (const listener of changeListeners) listener()
    },
    times(timing: Partial<ResourceTimingLike>) {
      for (const listener of timingListeners)
        listener({
          requestStart: 1,
          responseStart: 101,
          responseEnd: 201,
          encodedBodySize: 100,
          transferSize: 400,
          workerStart: 0,
          ...timing,
        })
    },
    /** Requests whose round trip took so long. */
    answers(...rttsMs: readonly number[]) {
      for (const rttMs of rttsMs) monitor.observe({ outcome: 'answered', rttMs })
    },
    get listeners() {
      return signalListeners.size + changeListeners.size + timingListeners.size
    },
  }
}
