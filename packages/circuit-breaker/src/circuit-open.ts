import { EvenkeelError, type TimeSource } from '@evenkeel/core'

/**
 * Makes the refusal of an open circuit, without a stack: capturing one costs more than the rest of a
 * refusal, and an open circuit is when there are many.
 */
export function circuitOpen(key: string, waitMs: number, clock: TimeSource): EvenkeelError {
  const { stackTraceLimit } = Error
  // Fails, and does not throw, where intrinsics are frozen.
  const limitTo = (frames: number) =>
    stackTraceLimit > 0 && Reflect.set(Error, 'stackTraceLimit', frames)
  limitTo(0)
  try {
    const isTimed = waitMs < Infinity
    return new EvenkeelError(
      'CIRCUIT_OPEN',
      `Circuit ${key} is ${isTimed ? `open for another ${waitMs} ms` : 'isolated'}`,
      {
        key,
        transient: isTimed,
        reached: 'no',
        retryAfterMs: isTimed ? waitMs : undefined,
        throttled: true,
        clock,
      },
    )
  } finally {
    limitTo(stackTraceLimit)
  }
}
