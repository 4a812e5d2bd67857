import type { ClientGauges } from '../resilient-client.ts'
import { countOf } from './outcomes.ts'
import type { Panel } from './panel.ts'

/** How the sea is. */
export type Weather = 'calm' | 'strained' | 'storm'

/** What to tell first. */
export interface Headline {
  readonly weather: Weather
  readonly words: string
  /** When something will be tried again, by the app's clock. */
  readonly untilMs: number | undefined
}

/** Of the gauges, what is told first. */
type HeadlineGauges = Pick<ClientGauges, 'circuit'> &
  Partial<Pick<ClientGauges, 'circuitOpenMs' | 'cooldownMs' | 'parked'>> & {
    readonly isOnline?: boolean
  }

/** Failures count for so long after the last. */
const aftermathSeconds = 8

/** How it stands, in one line: the worst that is the case, and until when. */
export function headlineOf(
  { retries, socket, outcomes }: Panel,
  { circuit, circuitOpenMs = 0, cooldownMs = 0, parked = 0, isOnline = true }: HeadlineGauges,
  nowMs: number,
): Headline {
  const is = (weather: Weather, words: string, untilMs?: number): Headline => ({
    weather,
    words,
    untilMs: untilMs !== undefined && untilMs > nowMs ? untilMs : undefined,
  })
  if (!isOnline) return is('strained', 'Offline')
  if (circuit === 'open') return is('storm', 'Circuit open, probing', nowMs + circuitOpenMs)
  if (socket.state === 'closed') return is('storm', 'Disconnected')
  if (socket.state === 'waiting' && socket.failures > 1)
    return is('storm', 'Reconnecting', socket.untilMs)
  if (cooldownMs > 0)
    return is('strained', 'The server asks for quiet, retrying', nowMs + cooldownMs)
  if (retries.length > 0)
    return is('strained', 'Retrying', Math.min(...retries.map(({ untilMs }) => untilMs)))
  if (socket.state === 'waiting') return is('strained', 'Reconnecting', socket.untilMs)
  if (parked > 0) return is('strained', 'Calls wait for their turn')
  if (circuit !== 'closed') return is('strained', 'Trying one call')
  if (socket.state === 'dialling' && socket.lastLoss !== undefined)
    return is('strained', 'Reconnecting')
  const failures =
    countOf(outcomes, 'failed', nowMs, aftermathSeconds) +
    countOf(outcomes, 'refused', nowMs, aftermathSeconds)
  if (failures > 0) return is('strained', 'Settling')
  return is('calm', socket.state === 'dialling' ? 'Connecting' : 'Calm')
}
