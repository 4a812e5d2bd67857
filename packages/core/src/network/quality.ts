/** How good a network is for small requests. */
export type NetworkQuality = 'good' | 'fair' | 'poor'

const ranks: readonly NetworkQuality[] = ['good', 'fair', 'poor']

/**
 * The bounds of effective connection types: a network with such a round trip or longer, or such a
 * downlink or less, is no better than that (Network Information API, table of effective connection types).
 */
export const effectiveTypes = {
  'slow-2g': { rttMs: 2000, downlinkKbps: 50 },
  '2g': { rttMs: 1400, downlinkKbps: 70 },
  '3g': { rttMs: 270, downlinkKbps: 700 },
} as const

/** How many times slower a network is than the slowest that counts as good, by its round trip and by its line. */
export function slowness(
  rttMs: number = 0,
  downlinkKbps: number = Infinity,
): { readonly byRtt: number; readonly byLine: number } {
  const good = effectiveTypes['3g']
  return { byRtt: rttMs / good.rttMs, byLine: good.downlinkKbps / downlinkKbps }
}

/** How much better than a bound a network must be to be called better than it was. */
const easing = 0.8

function classify(rttMs: number, downlinkKbps: number): number {
  const isAtMost = (type: '2g' | '3g'): boolean =>
    rttMs >= effectiveTypes[type].rttMs || downlinkKbps <= effectiveTypes[type].downlinkKbps
  return isAtMost('2g') ? 2 : isAtMost('3g') ? 1 : 0
}

/**
 * Rates a network by its round trip and downlink, whichever is worse: `poor` is 2G or less, `fair` 3G,
 * `good` what is better, or not known. One that was rated worse must be a fifth better than the bound, so that a
 * network at a bound does not go to and fro.
 */
export function qualityOf(
  rttMs: number = 0,
  downlinkKbps: number = Infinity,
  before: NetworkQuality = 'good',
): NetworkQuality {
  const rank = ranks.indexOf(before)
  const eased = Math.min(rank, classify(rttMs / easing, downlinkKbps * easing))
  return ranks[Math.max(eased, classify(rttMs, downlinkKbps))] as NetworkQuality
}
