import { attemptOnce } from './attempt-once.ts'
import { dialGateway } from './dial-gateway.ts'
import type { World } from './world.ts'

/** More than the three that were prescribed after the incident. */
const maxRetries = 5
export const delayMs = 1_000

const pause = (timeScale: number) =>
  new Promise((resolve) => setTimeout(resolve, delayMs / timeScale))

/** The loop that many apps have: a few more tries, a second apart. */
export const fixedDelay: World = {
  name: 'fixed-delay',
  title: 'retry loop',
  description: `up to ${maxRetries} retries, ${delayMs / 1_000} s apart; the socket dials as often as it takes`,
  createApp: (parts) => async (call) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await attemptOnce(parts, call, attempt)
      } catch (error) {
        if (attempt > maxRetries || call.patience.aborted) throw error
      }
      await pause(parts.timeScale)
    }
  },
  async keepSocket(parts) {
    for (;;) {
      try {
        const { ended } = await dialGateway(parts)
        await ended
      } catch {
        // It will be better next time.
      }
      await pause(parts.timeScale)
    }
  },
}
