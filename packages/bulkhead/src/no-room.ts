import { EvenkeelError, type TimeSource, withoutStack } from '@evenkeel/core'

/** Why a call is not made: no room in the queue or in time, a turn after its deadline, a closed bulkhead. */
export type NoRoomCode = 'BULKHEAD_FULL' | 'DEADLINE_EXCEEDED' | 'CLOSED'

/** What a caller gets instead of a result. */
export function noRoom(
  code: NoRoomCode,
  key: string,
  { inFlight, queued }: { readonly inFlight: number; readonly queued: number },
  retryAfterMs: number | undefined,
  clock: TimeSource,
): EvenkeelError {
  const message = `No room for a call to ${key}: ${inFlight} are under way, ${queued} wait`
  const facts = { key, transient: true, throttled: true, retryAfterMs, clock }
  return withoutStack(() => new EvenkeelError(code, message, facts))
}
