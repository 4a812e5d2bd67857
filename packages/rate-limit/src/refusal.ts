import { type Clock, EvenkeelError } from '@evenkeel/core'

/** What a caller gets instead of a result. */
export function refusal(
  key: string,
  code: string,
  retryAfterMs: number | undefined,
  clock: Clock,
): EvenkeelError {
  const until = retryAfterMs === undefined ? '' : ` for another ${retryAfterMs} ms`
  return new EvenkeelError(code, `Not sent to ${key}: rate limited${until}`, {
    key,
    transient: true,
    throttled: true,
    retryAfterMs,
    clock,
  })
}
