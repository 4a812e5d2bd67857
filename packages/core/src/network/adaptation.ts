import type { NetworkState } from './connectivity.ts'
import { type NetworkQuality, slowness } from './quality.ts'

/** What is known of a network. */
export interface NetworkFacts {
  readonly state: NetworkState
  readonly quality: NetworkQuality
  /** From a request to the first byte of its answer; `undefined` while nothing is known. */
  readonly rttMs: number | undefined
  /** In thousands of bits a second; `undefined` while nothing is known. */
  readonly downlinkKbps: number | undefined
  /** Whether the user asks for less traffic. */
  readonly savesData: boolean
}

/** What a network asks of those who use it; every number is a factor on what they would do on a good one. */
export interface Adaptation {
  /** For attempt timeouts, from 1 to 5. */
  readonly timeoutFactor: number
  /** For the interval of heartbeats, 1 or 2. */
  readonly heartbeatFactor: number
  /** For the time that a batch gathers, 1, 2 or 4. */
  readonly batchWindowFactor: number
  /** For how many calls may be under way, 1, ½ or ¼. */
  readonly concurrencyFactor: number
  /** Whether calls that are `deferred` should wait for a better network. */
  readonly defersDeferred: boolean
  /** Why, in words; empty when nothing is asked for. */
  readonly reasons: readonly string[]
}

/** What a timeout may grow to: a user who has waited so long knows that it is the network. */
export const maxTimeoutFactor = 5

const steps: Readonly<Record<NetworkQuality, number>> = { good: 1, fair: 2, poor: 4 }

/** Asks for nothing. */
export const noAdaptation: Adaptation = {
  timeoutFactor: 1,
  heartbeatFactor: 1,
  batchWindowFactor: 1,
  concurrencyFactor: 1,
  defersDeferred: false,
  reasons: [],
}

/**
 * Says what a network asks for, and why. `q` is 1, 2 or 4 for a good, fair or poor one:
 *
 * - `timeoutFactor = max(rttMs / 270, 700 / downlinkKbps)`, from 1 to 5: a call takes so much longer than on the
 *   slowest network that counts as good. Too short a timeout makes requests out of a network's slowness.
 * - `heartbeatFactor = 2` when it is poor or the user saves data: beats cost battery and bytes.
 * - `batchWindowFactor = q`: the longer a round trip, the less a wait for company is noticed.
 * - `concurrencyFactor = 1 / q`: calls that share a thin line all take longer, the important ones too.
 * - `defersDeferred` when it is poor, when there is none, or when the user saves data.
 */
export function adaptTo(facts: NetworkFacts): Adaptation {
  const { state, quality, rttMs, downlinkKbps, savesData } = facts
  const isThin = quality === 'poor' || savesData
  const { byRtt, byLine } = slowness(rttMs, downlinkKbps)
  return {
    timeoutFactor: Math.min(Math.max(byRtt, byLine, 1), maxTimeoutFactor),
    heartbeatFactor: isThin ? 2 : 1,
    batchWindowFactor: steps[quality],
    concurrencyFactor: 1 / steps[quality],
    defersDeferred: isThin || state === 'offline',
    // Put into words when somebody asks: most only take the numbers.
    get reasons() {
      return explain(facts, this)
    },
  }
}

function explain(
  { state, quality, rttMs = 0, downlinkKbps = Infinity, savesData }: NetworkFacts,
  { timeoutFactor, batchWindowFactor, heartbeatFactor, defersDeferred }: Adaptation,
): string[] {
  const { byRtt, byLine } = slowness(rttMs, downlinkKbps)
  const slow =
    byRtt >= byLine
      ? `a round trip takes ${Math.round(rttMs)} ms`
      : `the line carries ${Math.round(downlinkKbps)} kbit/s`
  const thin = savesData ? 'the user saves data' : `the network is ${quality}`
  const times = `${batchWindowFactor} times`
  return [
    timeoutFactor > 1 && `${slow}: timeouts are ${timeoutFactor.toFixed(1)} times as long`,
    batchWindowFactor > 1 &&
      `the network is ${quality}: batches gather ${times} as long, and one call in ${batchWindowFactor} may be under way`,
    heartbeatFactor > 1 && `${thin}: hearts beat half as often`,
    defersDeferred && `${state === 'offline' ? 'there is no network' : thin}: deferred calls wait`,
  ].filter((reason) => reason !== false)
}
