import type { Release } from '../cancellation.ts'

/** As much as is read of a `PerformanceResourceTiming`. */
export interface ResourceTimingLike {
  readonly requestStart: number
  readonly responseStart: number
  readonly responseEnd: number
  readonly encodedBodySize: number
  readonly transferSize: number
  readonly workerStart: number
}

/** Tells of the requests that have been answered, until released. */
export type TimingSource = (listener: (timing: ResourceTimingLike) => void) => Release

/** What a timing says of the network. */
export interface TimingFacts {
  readonly rttMs: number
  readonly downlinkKbps: number | undefined
}

/** A smaller body has come before TCP is at speed (Chromium's network quality estimator takes 32 kB, too). */
const leastBytes = 32_768

/**
 * What one request tells of the network; `undefined` when its answer came from a cache or a service
 * worker, never came, or is of an origin that hides its times.
 */
export function readTiming({
  requestStart,
  responseStart,
  responseEnd,
  encodedBodySize,
  transferSize,
  workerStart,
}: ResourceTimingLike): TimingFacts | undefined {
  if (transferSize === 0 || workerStart > 0 || !(requestStart > 0 && responseStart >= requestStart))
    return undefined
  const bodyMs = responseEnd - responseStart
  const isAtSpeed = encodedBodySize >= leastBytes && bodyMs > 0
  return {
    rttMs: responseStart - requestStart,
    // Bits in a millisecond are thousands of bits in a second.
    downlinkKbps: isAtSpeed ? (8 * encodedBodySize) / bodyMs : undefined,
  }
}

/** The times that the platform takes of fetches, images and the like: browsers, Node.js, Deno. */
export const resourceTimings: TimingSource = (listener) => {
  const { PerformanceObserver: Observer } = globalThis as {
    PerformanceObserver?: typeof PerformanceObserver
  }
  if (!Observer?.supportedEntryTypes?.includes('resource')) return () => {}
  const observer = new Observer((list) => {
    for (const entry of list.getEntries()) listener(entry as PerformanceResourceTiming)
  })
  // What a page has loaded before tells of the network, too.
  observer.observe({ type: 'resource', buffered: true })
  return () => observer.disconnect()
}
