import { EvenkeelError, type TimeSource, withoutStack } from '@evenkeel/core'

/** Makes the refusal of an open circuit. */
export function circuitOpen(key: string, waitMs: number, clock: TimeSource): EvenkeelError {
  const isTimed = waitMs < Infinity
  const message = `Circuit ${key} is ${isTimed ? `open for another ${waitMs} ms` : 'isolated'}`
  const facts = {
    key,
    transient: isTimed,
    retryAfterMs: isTimed ? waitMs : undefined,
    throttled: true,
    clock,
  }
  return withoutStack(() => new EvenkeelError('CIRCUIT_OPEN', message, facts))
}
