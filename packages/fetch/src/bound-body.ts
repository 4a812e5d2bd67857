import { type CallContext, type Clock, EvenkeelError, onAbort, type Release } from '@evenkeel/core'
import { holdBody } from './hold-body.ts'

let streams: FinalizationRegistry<Release> | undefined

/** Unlinks a stream that the caller reads from the caller's signal when it is gone. */
function unlinkWithStream(stream: object, unlink: Release): void {
  if (!globalThis.FinalizationRegistry) return
  streams ??= new FinalizationRegistry((release) => release())
  streams.register(stream, unlink)
}

/**
 * Ends a body with its attempt: at the attempt's limit, or when the caller aborts. A stream that the
 * caller reads has no limit: downloads and event streams last as long as they last.
 */
export function boundBody(
  response: Response,
  { deadlineAtMs, key }: CallContext,
  signal: AbortSignal | undefined,
  controller: AbortController,
  clock: Clock,
): Response {
  const { body } = response
  if (!body) return response
  const unlink = onAbort(signal, (reason) => controller.abort(reason))
  const hold = {
    isReading: false,
    release() {
      timer?.cancel()
      unlink()
    },
  }
  const timer =
    deadlineAtMs < Infinity
      ? clock.scheduleAt(deadlineAtMs, () => {
          if (!hold.isReading && (response.bodyUsed || body.locked))
            return unlinkWithStream(body, unlink)
          unlink()
          const message = 'The body did not end within the time of its attempt'
          controller.abort(new EvenkeelError('TIMEOUT', message, { key, reached: 'yes' }))
        })
      : undefined
  return holdBody(response, hold)
}
