import type { FetchCall } from '@evenkeel/fetch'
import { failureWords } from '../failure-words.ts'
import { closeWords } from './close-words.ts'
import { type LogLine, lineOf, type PanelEvent } from './log-line.ts'
import { type Outcome, withOutcome } from './outcomes.ts'
import { initialPanel, type Panel, type SocketView } from './panel.ts'

/** So many lines are kept. */
export const maxLines = 30

/** The panel after an event of fetch, or of the socket. */
export function panelAfter(panel: Panel, event: PanelEvent, nowMs: number): Panel {
  const next = { ...panel, ...changeBy(panel, event, nowMs) }
  const outcome = outcomeOf(event)
  const line = lineOf(event)
  return {
    ...next,
    outcomes: outcome ? withOutcome(panel.outcomes, outcome, nowMs) : panel.outcomes,
    log: line ? withLine(panel.log, line, nowMs) : panel.log,
  }
}

function changeBy(panel: Panel, event: PanelEvent, nowMs: number): Partial<Panel> {
  switch (event.type) {
    case 'attemptStarted':
    case 'succeeded':
    case 'failed':
      return { retries: panel.retries.filter(({ call }) => call !== event.call) }
    case 'retryScheduled': {
      const { attempt, delayMs, error } = event
      const call = event.tag as FetchCall
      const retry = { call, attempt, untilMs: nowMs + delayMs, because: failureWords(error) }
      return { retries: [...panel.retries.filter((each) => each.call !== call), retry] }
    }
    case 'cooldownStarted':
      return {
        cooldown: { untilMs: nowMs + event.waitMs, isAsked: event.source === 'server' },
      }
    case 'cooldownEnded':
      return { cooldown: undefined }
    case 'restored':
      return { kept: { parts: event.parts, isReload: event.isReload } }
    case 'storeFailed':
      return { isStored: false }
    default:
      return { socket: { ...panel.socket, ...socketBy(event, nowMs) } }
  }
}

function socketBy(event: PanelEvent, nowMs: number): Partial<SocketView> {
  switch (event.type) {
    case 'socketDialled':
      return { state: 'dialling', untilMs: undefined }
    case 'socketOpened':
      return { state: 'open', failures: 0, untilMs: undefined }
    case 'socketLost':
      return { state: 'waiting', failures: event.failures, lastLoss: closeWords(event.loss) }
    case 'socketWaits':
      return { state: 'waiting', untilMs: nowMs + event.delayMs }
    case 'socketEnded':
      return { state: 'closed', untilMs: undefined, lastLoss: closeWords(event.loss) }
    case 'socketLeft':
      return initialPanel.socket
    case 'sessionStarted':
      return { session: 'started' }
    case 'sessionResumed':
      return { session: 'resumed' }
    case 'sessionLost':
      return { session: 'none' }
  }
  return {}
}

/** How an attempt ended, if one did; a dial is one, too. */
function outcomeOf(event: PanelEvent): Outcome | undefined {
  switch (event.type) {
    case 'succeeded':
    case 'socketOpened':
      return 'answered'
    case 'attemptFailed':
      return event.status === undefined ? 'failed' : 'refused'
    case 'socketLost':
      if (event.loss.phase !== 'connecting' || event.loss.cause === 'policy') return undefined
      return event.loss.cause === 'handshake' ? 'refused' : 'failed'
  }
  return undefined
}

function withLine(
  log: readonly LogLine[],
  [tone, text]: NonNullable<ReturnType<typeof lineOf>>,
  atMs: number,
): readonly LogLine[] {
  const line = { id: (log[0]?.id ?? 0) + 1, atMs, tone, text }
  return [line, ...log.slice(0, maxLines - 1)]
}
