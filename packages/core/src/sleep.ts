import { type Abortable, onAbort } from './cancellation.ts'
import { type Clock, systemClock } from './clock.ts'

/** Waits `delayMs` on the clock; rejects at once with the signal's reason when that aborts. */
export function sleep(
  delayMs: number,
  signal?: AbortSignal | Abortable,
  clock: Clock = systemClock,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = clock.scheduleAt(clock.now() + delayMs, () => {
      release()
      resolve()
    })
    const release = onAbort(signal, (reason) => {
      timer.cancel()
      reject(reason)
    })
  })
}
