import retryCall from 'p-retry'
import { attemptOnce } from './attempt-once.ts'
import { dialGateway } from './dial-gateway.ts'
import type { World } from './world.ts'

/** p-retry's default for the first wait; it has no clock to scale, so the scaled wait is passed. */
export const minTimeoutMs = 1_000

/** The most used retry library, with its defaults: 10 retries, 1 s doubling, no jitter, no cap. */
export const pRetry: World = {
  name: 'p-retry',
  title: 'p-retry',
  description: 'its defaults around fetch and dials: 10 retries after 1, 2, 4 … s',
  createApp: (parts) => (call) =>
    retryCall((attempt) => attemptOnce(parts, call, attempt), {
      minTimeout: minTimeoutMs / parts.timeScale,
      signal: call.patience,
    }),
  async keepSocket(parts) {
    for (;;) {
      const { ended } = await retryCall(() => dialGateway(parts), {
        minTimeout: minTimeoutMs / parts.timeScale,
      })
      await ended
    }
  },
}
