import { EvenkeelError } from '@evenkeel/core'

/** The error of a message for which there is no room. */
export function queueFull(): EvenkeelError {
  return new EvenkeelError('QUEUE_FULL', 'The queue is full', { transient: true })
}

/** The error of what can't be done any more. */
export function socketClosed(): EvenkeelError {
  return new EvenkeelError('SOCKET_CLOSED', 'The socket is closed')
}
