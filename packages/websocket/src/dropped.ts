import { EvenkeelError } from '@evenkeel/core'
import { queueFull, socketClosed } from './not-sent.ts'
import type { DropReason } from './outbound-queue.ts'

const errors: Readonly<Record<DropReason, () => EvenkeelError>> = {
  overflow: queueFull,
  expired: () => new EvenkeelError('MESSAGE_EXPIRED', 'It waited longer than its ttlMs'),
  superseded: () =>
    new EvenkeelError('MESSAGE_SUPERSEDED', 'A later one with its coalesceKey replaced it'),
  sessionLost: () => new EvenkeelError('SESSION_LOST', 'Its session is lost'),
  closed: socketClosed,
}

/** Makes the error of a message that was dropped. */
export function droppedError(reason: DropReason): EvenkeelError {
  return errors[reason]()
}
