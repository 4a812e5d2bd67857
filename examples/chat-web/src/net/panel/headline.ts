import type { ClientGauges } from '../resilient-client.ts'
import { countOf } from './outcomes.ts'
import { circuitOf, type Panel } from './panel.ts'

/** How the sea is. */
export type Weather = 'calm' | 'strained' | 'storm'

/** What to tell first. */
export interface Headline {
  readonly weather: Weather
  readonly words: string
  /** When something will be tried again, by the app's clock. */
  readonly untilMs: number | undefined
}

/** Failures count for so long after the last. */
const aftermathSeconds = 8

/** How it stands, in one line: the worst that is the case, and until when. */
export function headlineOf(
  panel: Panel,
  { circuit: circuitNow, isOnline = true }: Pick<ClientGauges, 'circuit'> & { isOnline?: boolean },
  nowMs: number,
): Headline {
  const { cooldown, retries, socket, outcomes } = panel
  const is = (weather: Weather, words: string, untilMs?: number): Headline => ({
    weather,
    words,
    untilMs: untilMs !== undefined && untilMs > nowMs ? untilMs : undefined,
  })
  if (!isOnline) return is('strained', 'Offline')
  if (circuitNow === 'open') return is('storm', 'Circuit open, probing', circuitOf(panel).untilMs)
  if (socket.state === 'closed') return is('storm', 'Disconnected')
  if (socket.state === 'waiting' && socket.failures > 1)
    return is('storm', 'Reconnecting', socket.untilMs)
  if (cooldown && cooldown.untilMs > nowMs)
    return is('strained', 'The server asks for quiet, retrying', cooldown.untilMs)
  if (retries.length > 0)
    return is('strained', 'Retrying', Math.min(...retries.map(({ untilMs }) => untilMs)))
  if (socket.state === 'waiting') return is('strained', 'Reconnecting', socket.untilMs)
  if (circuitNow !== 'closed') return is('strained', 'Trying one call')
  if (socket.state === 'dialling' && socket.lastLoss !== undefined)
    return is('strained', 'Reconnecting')
  const failures =
    countOf(outcomes, 'failed', nowMs, aftermathSeconds) +
    countOf(outcomes, 'refused', nowMs, aftermathSeconds)
  if (failures > 0) return is('strained', 'Settling')
  return is('calm', socket.state === 'dialling' ? 'Connecting' : 'Calm')
}
