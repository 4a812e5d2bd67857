import { type Clock, EvenkeelError, onAbort, type Timer } from '@evenkeel/core'
import type { Group } from './group.ts'
import type { LoadOptions } from './options.ts'

/** Lets a call for the key with this id end before the key does: by its signal, or at `limitAtMs`. */
export function bound<K, V>(
  result: Promise<V>,
  group: Group<K, V>,
  id: unknown,
  { signal, deadlineMs }: LoadOptions,
  key: string,
  clock: Clock,
  limitAtMs: number,
): Promise<V> {
  return new Promise((resolve, reject) => {
    let limit: Timer | undefined
    const leave = (reason: unknown): void => {
      release()
      reject(reason)
      group.leave(id, reason)
    }
    if (limitAtMs < Infinity)
      limit = clock.scheduleAt(limitAtMs, () => {
        const message = `No result within the ${deadlineMs} ms that the call may take`
        const reached = group.cancellation ? 'maybe' : 'no'
        leave(new EvenkeelError('DEADLINE_EXCEEDED', message, { key, transient: true, reached }))
      })
    const unlink = onAbort(signal, leave)
    const release = (): void => {
      limit?.cancel()
      unlink()
    }
    // What `finally` does takes three promises more.
    result.then(
      (value) => {
        release()
        resolve(value)
      },
      (error) => {
        release()
        reject(error)
      },
    )
  })
}
