import type { Scheduler } from './backend/scheduler.ts'

/** Waits on the scheduler's time, or until `gone` is aborted if that comes first. */
export function wait(scheduler: Scheduler, delayMs: number, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (gone.aborted) return resolve()
    const end = () => {
      event.cancel()
      gone.removeEventListener('abort', end)
      resolve()
    }
    const event = scheduler.schedule(end, delayMs)
    gone.addEventListener('abort', end)
  })
}
