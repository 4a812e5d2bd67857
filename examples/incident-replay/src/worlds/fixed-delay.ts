import { setTimeout as sleep } from 'node:timers/promises'
import { attemptOnce } from './attempt-once.ts'
import type { World } from './world.ts'

/** More than the three that were prescribed after the incident. */
const maxRetries = 5
const delayMs = 1_000

/** The loop that many apps have: a few more tries, a second apart. */
export const fixedDelay: World = {
  name: 'fixed-delay',
  title: 'retry loop',
  description: `fetch in a loop: up to ${maxRetries} retries, ${delayMs / 1_000} s apart`,
  createApp: (parts) => async (call) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await attemptOnce(parts, call, attempt)
      } catch (error) {
        if (attempt > maxRetries || call.patience.aborted) throw error
      }
      await sleep(delayMs / parts.timeScale, undefined, { signal: call.patience })
    }
  },
}
