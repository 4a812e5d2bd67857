import { type Detector, finding, share } from './finding.ts'
import { sum } from './tick.ts'

/** More requests than usual. By itself it is no failure: a warning at most. */
export const traffic: Detector = (window, { trafficRatio, minRequests }, usual) => {
  const requests = sum(window, (tick) => tick.requests)
  if (!usual || requests < minRequests) return undefined
  const ratio = requests / window.length / Math.max(usual.requestsPerTick, 1e-9)
  const found = finding('traffic', ratio, trafficRatio, `${ratio.toFixed(1)} × the usual requests`)
  return found && { ...found, severity: 'warning' }
}

/** Requests that take longer than usual. */
export const latency: Detector = (window, { latencyRatio, minRequests }, usual) => {
  const requests = sum(window, (tick) => tick.requests)
  if (!usual || requests < minRequests) return undefined
  const meanMs = sum(window, (tick) => tick.durationMs) / requests
  // What takes less than a millisecond is as quick as it gets.
  const ratio = meanMs / Math.max(usual.meanMs, 1)
  const text = `a request takes ${Math.round(meanMs)} ms, ${Math.round(ratio)} × as long as usual`
  return finding('latency', ratio, latencyRatio, text)
}

/** WebSocket upgrades that fail. */
export const sockets: Detector = (window, { upgradeFailureRatio, minRequests }) => {
  const [first, last] = [window[0]?.gauges.upgrades, window.at(-1)?.gauges.upgrades]
  if (!first || !last) return undefined
  const failed = last.failed - first.failed
  const tried = failed + last.accepted - first.accepted
  if (tried < minRequests) return undefined
  const ratio = failed / tried
  const text = `${share(ratio)} of WebSocket upgrades fail`
  return finding('sockets', ratio, upgradeFailureRatio, text)
}

/** Media servers that are at their limit. */
export const voice: Detector = (window, { voiceCpuRatio }) => {
  const regions = Object.entries(window.at(-1)?.gauges.voiceCpu ?? {})
  const busy = regions.filter(([, cpu]) => cpu >= voiceCpuRatio.warning)
  const worst = Math.max(0, ...busy.map(([, cpu]) => cpu))
  const names = busy.map(([region, cpu]) => `${region} ${share(cpu)}`).join(', ')
  return finding('voice', worst, voiceCpuRatio, `media servers are busy: ${names}`)
}
