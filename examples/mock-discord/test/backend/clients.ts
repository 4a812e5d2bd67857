import type { JobClient } from '../../src/backend/job.ts'

/** A client that waits until it is told to go. */
export function leavingClient(): JobClient & { leave(): void } {
  const controller = new AbortController()
  return {
    gone: controller.signal,
    get isGone() {
      return controller.signal.aborted
    },
    leave: () => controller.abort(),
  }
}

/** A client that waits for ever. */
export const patientClient: JobClient = leavingClient()
