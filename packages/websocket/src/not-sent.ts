import { EvenkeelError } from '@evenkeel/core'
import type { DropReason } from './outbound-queue.ts'

const codes: Record<DropReason, [code: string, message: string]> = {
  overflow: ['QUEUE_FULL', 'The message was dropped: the queue is full'],
  expired: ['MESSAGE_EXPIRED', 'The message waited longer than it may'],
  superseded: ['MESSAGE_SUPERSEDED', 'A later message with its coalesceKey took its place'],
  sessionLost: ['SESSION_LOST', 'The session it belonged to is lost'],
  closed: ['SOCKET_CLOSED', 'The socket is closed'],
}

/** Makes the error of a message that was not sent. */
export function notSent(reason: DropReason): EvenkeelError {
  const [code, message] = codes[reason]
  return new EvenkeelError(code, message, { transient: reason === 'overflow', reached: 'no' })
}
