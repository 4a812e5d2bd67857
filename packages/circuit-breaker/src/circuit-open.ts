import { type EvenkeelError, refusal, type TimeSource } from '@evenkeel/core'

/** Makes the refusal of an open circuit. */
export function circuitOpen(key: string, waitMs: number, clock: TimeSource): EvenkeelError {
  const isTimed = waitMs < Infinity
  const message = `Circuit ${key} is ${isTimed ? `open for another ${waitMs} ms` : 'isolated'}`
  const retryAfterMs = isTimed ? waitMs : undefined
  return refusal('CIRCUIT_OPEN', message, { key, transient: isTimed, retryAfterMs, clock })
}
