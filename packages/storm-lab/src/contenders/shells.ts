import { createFetch } from '@evenkeel/fetch'
import pRetry from 'p-retry'
import { timeoutSignal } from '../shells/platform-time.ts'
import { type Contender, shell } from './contender.ts'
import { doubling, withSockets } from './sockets.ts'

/** `createFetch()` itself, on virtual time. */
export const evenkeelShell: Contender = shell(
  'evenkeel-shell',
  'createFetch() of @evenkeel/fetch itself, with its defaults.',
  (platform) => {
    const fetch = createFetch(platform)
    return ({ url, method, priority, idempotent }) =>
      fetch(url, { method, evenkeel: { priority, idempotent } })
  },
)

/** p-retry itself around a fetch that waits 30 s, on virtual time. */
export const pRetryShell: Contender = withSockets(
  shell(
    'p-retry-shell',
    'p-retry itself with its defaults, around a fetch that waits 30 s.',
    ({ fetch, clock }) =>
      ({ url, method }) =>
        pRetry(async () => {
          const response = await fetch(url, { method, signal: timeoutSignal(30_000, clock) })
          if (!response.ok) throw new Error(`status ${response.status}`)
          return response
        }),
    { usesPlatform: true },
  ),
  doubling,
)
