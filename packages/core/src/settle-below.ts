import { type Abortable, Cancellation } from './cancellation.ts'

/**
 * Settles as what `start` gives does, or at once when it is cancelled; either way everything is let go
 * of, `atEnd` included, which may be called twice.
 */
export function settleBelow<T>(
  parent: Abortable | AbortSignal | undefined,
  start: (cancellation: Cancellation) => Promise<T>,
  atEnd?: () => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancellation = new Cancellation(parent, (reason) => {
      atEnd?.()
      reject(reason)
    })
    const end = (): void => {
      atEnd?.()
      cancellation.release()
    }
    start(cancellation).then(
      (value) => {
        end()
        resolve(value)
      },
      (error) => {
        end()
        reject(error)
      },
    )
  })
}
