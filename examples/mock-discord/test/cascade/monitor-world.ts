import { VirtualScheduler } from '../../src/backend/virtual-scheduler.ts'
import { CascadeMonitor, type EndedRequest } from '../../src/cascade/cascade-monitor.ts'
import { type CascadePatch, defaultCascade } from '../../src/cascade/cascade-options.ts'
import { alertEntry, logLine } from '../../src/cascade/log-line.ts'
import { idleGauges } from '../../src/cascade/tick.ts'

/** A monitor on virtual time, and what it says. */
export function world(patch: CascadePatch = {}) {
  const scheduler = new VirtualScheduler()
  const gauges = { ...idleGauges, usage: 0 }
  const log: string[] = []
  const monitor = new CascadeMonitor(
    scheduler,
    { ...defaultCascade({ time: 1 }), ...patch },
    {
      gauges: () => ({ ...gauges }),
      wallNow: () => Date.UTC(2022, 0, 25, 16, 47) + scheduler.now(),
      onEvents: (events, verdict) => {
        for (const event of events) log.push(logLine(alertEntry(event, verdict)))
      },
    },
  )
  const request = (changes: Partial<EndedRequest> = {}) =>
    monitor.request({
      service: 'messages',
      outcome: 'ok',
      isRetry: false,
      isViolation: false,
      durationMs: 150,
      ...changes,
    })
  /** So many seconds, each with what `each` does. */
  const seconds = (count: number, each: () => void) => {
    for (let second = 0; second < count; second++) {
      each()
      scheduler.advance(1_000)
    }
  }
  const calm = (count: number) => seconds(count, () => times(10, request))
  return { scheduler, gauges, monitor, log, request, seconds, calm }
}

/** Does it so many times. */
export const times = (count: number, action: () => void) => {
  for (let n = 0; n < count; n++) action()
}
