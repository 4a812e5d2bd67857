import { type Detector, finding, share } from './finding.ts'
import { sum } from './tick.ts'

/** More retries than a failure here and there explains: what turns an overload into an outage. */
export const retryRate: Detector = (window, { retryRatio, minRequests }) => {
  const retries = sum(window, (tick) => tick.retries)
  const firsts = sum(window, (tick) => tick.requests) - retries
  if (retries + firsts < minRequests) return undefined
  const ratio = retries / Math.max(1, firsts)
  return finding('retries', ratio, retryRatio, `${ratio.toFixed(1)} retries per first attempt`)
}

/** Clients that retry ahead of the time they were told, or beyond the third time. */
export const backoffViolations: Detector = (window, { violationRatio, minRequests }) => {
  const retries = sum(window, (tick) => tick.retries)
  if (retries < minRequests) return undefined
  const ratio = sum(window, (tick) => tick.violations) / retries
  const text = `${share(ratio)} of retries come too early or too often`
  return finding('backoff', ratio, violationRatio, text)
}

/** A part of the traffic that limits turn away. */
export const limiting: Detector = (window, { limitedRatio, minRequests }) => {
  const requests = sum(window, (tick) => tick.requests)
  if (requests < minRequests) return undefined
  const ratio = sum(window, (tick) => tick.limited) / requests
  return finding('limiting', ratio, limitedRatio, `${share(ratio)} of requests are answered 429`)
}
