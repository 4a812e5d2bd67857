/** A wait as it costs least: a timer each, and one listener for all on their signal. */
export function parkBare(waitMs: number): (signal: AbortSignal) => Promise<void> {
  const waiting = new Set<(reason: unknown) => void>()
  let watched: AbortSignal | undefined
  return (signal) => {
    if (signal !== watched) {
      watched = signal
      signal.addEventListener('abort', () => {
        for (const reject of waiting) reject(signal.reason)
        waiting.clear()
      })
    }
    return new Promise((resolve, reject) => {
      const leave = (reason: unknown): void => {
        clearTimeout(timer)
        reject(reason)
      }
      const timer = setTimeout(() => {
        waiting.delete(leave)
        resolve()
      }, waitMs)
      waiting.add(leave)
    })
  }
}
