import { EvenkeelError } from '@evenkeel/core'
import type { DropReason } from './outbound-queue.ts'

const codes: Record<DropReason, [code: string, message: string]> = {
  overflow: ['QUEUE_FULL', 'The queue is full'],
  expired: ['MESSAGE_EXPIRED', 'It waited longer than its ttlMs'],
  superseded: ['MESSAGE_SUPERSEDED', 'A later one with its coalesceKey replaced it'],
  sessionLost: ['SESSION_LOST', 'Its session is lost'],
  closed: ['SOCKET_CLOSED', 'The socket is closed'],
}

/** Makes the error of a message that was not sent. */
export function notSent(reason: DropReason): EvenkeelError {
  const [code, message] = codes[reason]
  return new EvenkeelError(code, message, { transient: reason === 'overflow', reached: 'no' })
}
