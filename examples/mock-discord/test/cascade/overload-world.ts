import { createFetch, type FetchOptions } from '@evenkeel/fetch'
import { onTestFinished } from 'vitest'
import type { CascadePatch } from '../../src/cascade/cascade-options.ts'
import type { LogEntry } from '../../src/cascade/log-line.ts'
import { incident } from '../incident.ts'
import { messagesPath } from '../started.ts'

/** What the incident's clients did: again at once, three times, whatever it costs. */
export const naive: FetchOptions = {
  retry: { budget: false, backoff: () => 10 },
  rateLimit: false,
  circuitBreaker: false,
  attemptHeader: 'x-attempt',
}

/** A mock that two dozen clients overload, and what it says; they end with the test, or by `relieve`. */
export async function world(cascade: CascadePatch = {}) {
  const log: LogEntry[] = []
  const { mock, admin } = await incident({
    backend: { database: { poolSize: 2, queueDepth: 5, serviceMs: 20 } },
    cascade: { tickMs: 100, minRequests: 10, ...cascade },
    log: (entry) => log.push(entry),
  })
  const controller = new AbortController()
  onTestFinished(() => controller.abort())
  /** So many clients that ask for messages or users, one call after the other. */
  const load = (clients: number, options: FetchOptions) => {
    const fetch = createFetch(options)
    for (let n = 0; n < clients; n++) void loop(n)
    async function loop(n: number): Promise<void> {
      const url = mock.apiUrl + (n % 2 ? messagesPath : '/v10/users/@me')
      const headers = { authorization: `Bot ${n}`, 'x-client-id': `mobile-${n}` }
      const { signal } = controller
      while (!signal.aborted) {
        await fetch(url, { headers, signal })
          .then((response) => response.arrayBuffer())
          .catch(() => {})
      }
    }
  }
  const relieve = () => controller.abort()
  const kinds = () => mock.machinery.cascade.status.alerts.map(({ kind }) => kind)
  return { mock, admin, load, relieve, log, kinds }
}
