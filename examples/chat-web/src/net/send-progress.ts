import type { FetchCall, FetchEvent } from '@evenkeel/fetch'
import type { ChatEvent } from '../chat/event.ts'
import type { SendStatus } from '../chat/outgoing.ts'
import type { SendTag } from './api.ts'
import { failureWords } from './failure-words.ts'

/** What an event of fetch means to the message that its call carries, if it carries one. */
export function sendProgress(event: FetchEvent, nowMs: number): ChatEvent | undefined {
  const status = statusAfter(event, nowMs)
  const nonce = nonceOf(event)
  return status && nonce !== undefined ? { type: 'sendProgressed', nonce, status } : undefined
}

function statusAfter(event: FetchEvent, nowMs: number): SendStatus | undefined {
  switch (event.type) {
    case 'attemptStarted':
      return { kind: 'sending', attempt: event.attempt }
    case 'parked':
      return {
        kind: 'held',
        untilMs: event.waitMs === undefined ? undefined : nowMs + event.waitMs,
      }
    case 'retryScheduled':
      return {
        kind: 'retrying',
        attempt: event.attempt,
        untilMs: nowMs + event.delayMs,
        because: failureWords(event.error),
      }
  }
  return undefined
}

/** Fetch's own events have the call; those of policies have it as their tag. */
function nonceOf(event: FetchEvent): string | undefined {
  const call = 'call' in event ? event.call : 'tag' in event ? (event.tag as FetchCall) : undefined
  return (call?.tag as SendTag | undefined)?.nonce
}
