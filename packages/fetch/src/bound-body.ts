import {
  type AbortSource,
  type CallContext,
  type Clock,
  cancellationOf,
  EvenkeelError,
  onAbort,
  type Release,
} from '@evenkeel/core'
import { holdBody } from './hold-body.ts'

let unread: FinalizationRegistry<Release> | undefined

/** Unlinks a body from the caller's signal when it is gone without having been read whole. */
function unlinkWith(body: object, unlink: Release): void {
  if (!globalThis.FinalizationRegistry) return
  unread ??= new FinalizationRegistry((release) => release())
  unread.register(body, unlink)
}

/**
 * Ends the reading of a body with its attempt: at the attempt's limit, or when the caller aborts. A
 * stream that the caller reads has no limit: downloads and event streams last as long as they last.
 */
export function boundBody(
  response: Response,
  context: CallContext,
  signal: AbortSignal | AbortSource | undefined,
  clock: Clock,
): Response {
  const { body } = response
  if (!body) return response
  const cancellation = cancellationOf(context)
  const { deadlineAtMs, key } = context
  let unlink: Release | undefined
  if (signal) {
    unlink = onAbort(signal, (reason) => cancellation.abort(reason))
    unlinkWith(body, unlink)
  }
  function endLate(): void {
    const message = 'The body did not end within the time of its attempt'
    cancellation.abort(new EvenkeelError('TIMEOUT', message, { key, reached: 'yes' }))
  }
  return holdBody(response, () => {
    // Not before: most bodies are read at once, and those that nobody reads need no timer.
    const timer = deadlineAtMs < Infinity ? clock.scheduleAt(deadlineAtMs, endLate) : undefined
    return (error) => {
      timer?.cancel()
      unlink?.()
      // Not all engines tell why a body that they were reading was aborted.
      const { aborted, reason } = context.signal
      return aborted ? reason : error
    }
  })
}
