import type { FetchCall, FetchEvent } from '@evenkeel/fetch'
import { failureWords } from '../failure-words.ts'
import { closeWords } from './close-words.ts'
import { partWords } from './kept-words.ts'
import type { SocketNews } from './socket-news.ts'
import type { StateNews } from './state-news.ts'

/** What can be told on the panel. */
export type PanelEvent = FetchEvent | SocketNews | StateNews

/** A line of the panel's log. */
export interface LogLine {
  readonly id: number
  readonly atMs: number
  readonly tone: Tone
  readonly text: string
}

export type Tone = 'good' | 'warn' | 'bad' | 'plain'

const openReasons: Readonly<Record<string, string>> = {
  consecutiveFailures: 'too many failures in a row',
  failureRate: 'too large a share of failures',
  probeFailed: 'the probe failed',
}

/** What an event is worth telling, if it is. */
export function lineOf(event: PanelEvent): readonly [Tone, string] | undefined {
  switch (event.type) {
    case 'attemptFailed':
      return ['bad', `${labelOf(event.call)}: ${failureWords(event.error)}`]
    case 'retryScheduled':
      return [
        'warn',
        `${tagLabel(event.tag)}: attempt ${event.attempt} in ${secondsOf(event.delayMs)}`,
      ]
    case 'budgetExhausted':
      return ['bad', `${tagLabel(event.tag)}: the budget pays for no more attempts`]
    case 'cooldownStarted':
      return [
        'warn',
        `All calls wait ${secondsOf(event.waitMs)}${event.source === 'server' ? ', as the server asks' : ''}`,
      ]
    case 'cooldownEnded':
      return ['good', 'The quiet is over']
    case 'opened':
      return [
        'bad',
        `${circuitWords(event)} open for ${secondsOf(event.openMs)}: ${openReasons[event.reason] ?? event.reason}`,
      ]
    case 'halfOpened':
      return ['warn', `${circuitWords(event)} half-open: one probe goes`]
    case 'closed':
      return ['good', `${circuitWords(event)} closed`]
    case 'rejected':
      return ['warn', `${tagLabel(event.tag)}: held back by the circuit`]
    case 'restored':
      return [
        'plain',
        `${event.isReload ? 'Kept from before the reload' : 'Kept from an earlier page'}: ${partWords(event.parts)}`,
      ]
    case 'storeFailed':
      return ['warn', 'The browser stores nothing: a reload starts afresh']
    case 'socketLost':
    case 'socketEnded':
      return ['bad', closeWords(event.loss)]
    case 'socketWaits':
      return ['warn', `Socket: dial ${event.attempt} in ${secondsOf(event.delayMs)}`]
    case 'sessionStarted':
      return ['good', 'Socket: a new session']
    case 'sessionResumed':
      return ['good', 'Socket: session resumed, nothing missed']
    case 'sessionLost':
      return ['warn', `Socket: the session is gone (${event.reason})`]
  }
  return undefined
}

const circuitWords = ({ isCritical }: { readonly isCritical: boolean }): string =>
  isCritical ? 'Circuit of messages' : 'Circuit'

const secondsOf = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

/** A dial has no call. */
const tagLabel = (tag: unknown): string => (tag ? labelOf(tag as FetchCall) : 'Socket')

/** A call in two words, as in `POST messages`. */
function labelOf({ method, url }: FetchCall): string {
  const words = new URL(url).pathname.split('/').filter((part) => /^[a-z][a-z-]+$/.test(part))
  return `${method} ${words.at(-1) ?? ''}`
}
