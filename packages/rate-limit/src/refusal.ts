import { type Clock, EvenkeelError, withoutStack } from '@evenkeel/core'

/** What a caller gets instead of a result. */
export function refusal(
  key: string,
  code: string,
  retryAfterMs: number | undefined,
  clock: Clock,
): EvenkeelError {
  const until = retryAfterMs === undefined ? '' : ` for another ${retryAfterMs} ms`
  const facts = { key, transient: true, throttled: true, retryAfterMs, clock }
  return withoutStack(
    () => new EvenkeelError(code, `Not sent to ${key}: rate limited${until}`, facts),
  )
}
