import type { OutboxEvent } from '@evenkeel/outbox'
import type { ChatEvent } from '../chat/event.ts'
import type { Message } from '../chat/model.ts'
import type { Outgoing } from '../chat/outgoing.ts'
import { failureWords } from './failure-words.ts'

/** A message as it is kept until the server has it. */
export type Letter = Pick<Outgoing, 'channelId' | 'content' | 'files'>

/** A message is to be sent: written just now, in another tab, or before the page was loaded again. */
export function requested(nonce: string, letter: Letter): ChatEvent {
  const { channelId, content, files } = letter
  const status = { kind: 'queued' } as const
  return { type: 'sendRequested', outgoing: { nonce, channelId, content, files, status } }
}

/** What an event of the outbox means to the chat. What a call of this page does, fetch's own events tell. */
export function deliveryEvent(
  event: OutboxEvent<Letter, Message>,
  nowMs: number,
): ChatEvent | undefined {
  if (event.type === 'memoryOnly') return { type: 'storageLost' }
  if (!('entry' in event)) return undefined
  const { idempotencyKey: nonce = '', payload, attempts, firstSentAtMs } = event.entry
  const failed = (because: string): ChatEvent => ({
    type: 'sendProgressed',
    nonce,
    status: { kind: 'failed', because, untilMs: undefined },
  })
  switch (event.type) {
    case 'stored':
      return event.isRemote ? requested(nonce, payload) : undefined
    case 'sending': {
      const status = { kind: 'sending', attempt: attempts } as const
      return event.isRemote ? { type: 'sendProgressed', nonce, status } : undefined
    }
    case 'retryScheduled': {
      const untilMs = nowMs + event.delayMs
      const because = failureWords(event.error)
      const status = { kind: 'retrying', attempt: attempts + 1, untilMs, because } as const
      return { type: 'sendProgressed', nonce, status }
    }
    case 'sent':
      // In other tabs it comes by the gateway.
      return event.result
        ? { type: 'sendAccepted', nonce, message: event.result }
        : { type: 'sendDiscarded', nonce }
    case 'failed':
      return failed(
        event.error === undefined ? 'another tab could not send it' : failureWords(event.error),
      )
    case 'expired':
      return failed(
        firstSentAtMs === undefined
          ? 'it has waited for a day'
          : 'it may have arrived, and the server can no longer tell',
      )
    case 'removed':
      return { type: 'sendDiscarded', nonce }
  }
  return undefined
}
