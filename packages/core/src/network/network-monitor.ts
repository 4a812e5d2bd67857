import { checkNoOther } from '../check.ts'
import { notify } from '../events.ts'
import { KeyedState } from '../keyed-state.ts'
import { timeoutClock } from '../timeout-clock.ts'
import {
  type Adaptation,
  adaptTo,
  maxTimeoutFactor,
  type NetworkFacts,
  noAdaptation,
} from './adaptation.ts'
import { adaptiveTimeout } from './adaptive-timeout.ts'
import { attemptTimer } from './attempt-timer.ts'
import { learn, unknownConnectivity } from './connectivity.ts'
import { browserConnection } from './network-information.ts'
import type {
  NetworkChanged,
  NetworkMonitor,
  NetworkMonitorOptions,
} from './network-monitor-options.ts'
import { browserSignals } from './platform-signals.ts'
import { effectiveTypes, type NetworkQuality, qualityOf } from './quality.ts'
import { readTiming, resourceTimings } from './resource-timings.ts'
import { Samples } from './samples.ts'

/** As many are kept of what was measured; networks of people on the move change in minutes. */
const mostSamples = 20
const windowMs = 300_000
/** One slow answer is a glitch. */
const leastSamples = 3
/** The faster quarter of answers shows the network; the rest shows servers. */
const rttQuantile = 0.25

/** How old what is measured may be: a sample that has grown too old is missed for so long. */
const freshMs = 1000

interface Measured {
  readonly facts: NetworkFacts
  readonly adaptation: Adaptation
  readonly atMs: number
}

/**
 * Learns from the platform and from real requests whether there is a network, and how good it is.
 *
 * Its round trip is the one that the fastest quarter of the last 20 observed requests of 5 minutes stayed within, its
 * downlink their median; without three of either, what the Network Information API says.
 */
export function networkMonitor({
  signals = browserSignals(),
  connection = browserConnection(),
  timings = resourceTimings,
  adapts = true,
  clock = timeoutClock,
  ...others
}: NetworkMonitorOptions = {}): NetworkMonitor {
  checkNoOther('networkMonitor', others)
  const rtts = new Samples(mostSamples, windowMs)
  const downlinks = new Samples(mostSamples, windowMs)
  const attempts = new Samples(mostSamples, windowMs)
  let timers = new KeyedState(attemptTimer, { clock })
  const listeners = new Set<(event: NetworkChanged) => void>()
  let connectivity = unknownConnectivity
  let quality: NetworkQuality = 'good'
  let technology = connection?.type
  let measured: Measured | undefined

  function measure(nowMs: number): Measured {
    const { effectiveType = '', rtt, downlink, saveData = false } = connection ?? {}
    const typical = effectiveTypes[effectiveType as keyof typeof effectiveTypes]
    const rttMs =
      rtts.quantile(rttQuantile, leastSamples, nowMs) ??
      (rtt || typical?.rttMs) ??
      attempts.quantile(rttQuantile, leastSamples, nowMs)
    const downlinkKbps =
      downlinks.quantile(0.5, leastSamples, nowMs) ??
      (downlink ? 1000 * downlink : typical?.downlinkKbps)
    quality = qualityOf(rttMs, downlinkKbps, quality)
    const { state } = connectivity
    const facts = { state, quality, rttMs, downlinkKbps, savesData: saveData }
    return { facts, adaptation: adapts ? adaptTo(facts) : noAdaptation, atMs: nowMs }
  }

  /** Takes in what the platform says: not every platform tells when that changes. */
  function ask(): void {
    const isOnline = signals.isOnline()
    if (isOnline === connectivity.isPlatformOnline) return
    connectivity = learn(connectivity, { type: 'platform', isOnline })
    measured = undefined
  }

  /** What is known now; as it was a moment ago, unless something new is known. */
  function known(): Measured {
    ask()
    const nowMs = clock.now()
    if (!measured || nowMs - measured.atMs >= freshMs) measured = measure(nowMs)
    return measured
  }

  let told = known().facts

  /** Something new is known. */
  function tell(): void {
    measured = undefined
    const before = told
    const { facts, adaptation } = known()
    if (
      facts.state === before.state &&
      facts.quality === before.quality &&
      facts.savesData === before.savesData
    )
      return
    told = facts
    const event = { type: 'networkChanged', before, facts, adaptation } as const
    for (const listener of [...listeners]) notify(listener, event)
  }

  /** What was measured belongs to another network. */
  function forget(): void {
    for (const samples of [rtts, downlinks, attempts]) samples.clear()
    timers = new KeyedState(attemptTimer, { clock })
    quality = 'good'
  }

  const monitor: NetworkMonitor = {
    get facts() {
      return known().facts
    },
    get adaptation() {
      return known().adaptation
    },
    observe({ outcome, key = 'default', rttMs, downlinkKbps, elapsedMs }) {
      if (!/^(answered|unreachable|timedOut)$/.test(outcome))
        throw new RangeError(
          `networkMonitor: outcome must be answered, unreachable or timedOut, got ${outcome}`,
        )
      ask()
      const nowMs = clock.now()
      if (rttMs !== undefined) rtts.add(rttMs, nowMs)
      if (downlinkKbps !== undefined) downlinks.add(downlinkKbps, nowMs)
      // Of one that timed out it is the least that is known.
      if (elapsedMs !== undefined && outcome !== 'unreachable') attempts.add(elapsedMs, nowMs)
      if (outcome !== 'timedOut') connectivity = learn(connectivity, { type: outcome, key })
      tell()
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    timeout(timeoutMs) {
      const timerOf = (key: string) => timers.get(key)
      return adaptiveTimeout(monitor, timerOf, timeoutMs, adapts ? maxTimeoutFactor : 1, clock)
    },
    close,
    [Symbol.dispose]: close,
  }

  const changed = (signal?: unknown): void => {
    const isNew = connection?.type !== technology
    technology = connection?.type
    if (signal === 'online') connectivity = unknownConnectivity
    if (isNew || signal === 'online') forget()
    tell()
  }
  connection?.addEventListener?.('change', changed)
  const releaseSignals = signals.listen(changed)
  const releaseTimings = (timings || undefined)?.((timing) => {
    const seen = readTiming(timing)
    if (seen) monitor.observe({ outcome: 'answered', ...seen })
  })

  function close(): void {
    releaseSignals()
    releaseTimings?.()
    connection?.removeEventListener?.('change', changed)
    listeners.clear()
  }

  return monitor
}
