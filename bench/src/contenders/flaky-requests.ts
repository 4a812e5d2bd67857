import type { Call, Contender, Setting } from '../race/contender.ts'
import { discordRest } from './discord-rest.ts'
import { readJson } from './read-json.ts'

const maxRetries = 3

/** Makes the contenders that retry at once until an answer is no failure; `path` says what they ask for. */
export function flakyContenders(path: `/${string}`): Contender[] {
  const define = (
    name: string,
    build: (nextUrl: () => string) => Call | Promise<Call>,
  ): Contender => ({
    name,
    async prepare(setting) {
      const nextId = numberedIds(setting)
      return build(() => `${setting.url}${path}?call=${nextId()}`)
    },
  })
  const loop =
    (nextUrl: () => string): Call =>
    async () => {
      const url = nextUrl()
      for (let retry = 0; ; retry++) {
        const response = await fetch(url)
        if (response.ok || retry === maxRetries) return readJson(response)
        await response.arrayBuffer()
      }
    }
  return [
    define('bare fetch, loop that reads every body', loop),
    define('the same loop (twin, control)', loop),
    define('p-retry + fetch, bodies left unread', async (nextUrl) => {
      const { default: pRetry } = await import('p-retry')
      return () => {
        const url = nextUrl()
        return pRetry(async () => readJson(await fetch(url)), {
          retries: maxRetries,
          minTimeout: 0,
        })
      }
    }),
    define(
      'cockatiel wrap(retry, breaker, timeout) + fetch, bodies left unread',
      async (nextUrl) => {
        const { cockatielPolicy } = await import('./cockatiel-policy.ts')
        const policy = cockatielPolicy({ threshold: 0.99, waits: false })
        return () => {
          const url = nextUrl()
          return policy.execute(async ({ signal }) => readJson(await fetch(url, { signal })))
        }
      },
    ),
    define('ky', async (nextUrl) => {
      const { default: ky } = await import('ky')
      const client = ky.create({ retry: { limit: maxRetries, delay: () => 0 } })
      return () => client.get(nextUrl()).json()
    }),
    {
      name: '@discordjs/rest (undici.request)',
      prepare: async (setting) => discordRest(setting.url, path, numberedIds(setting)),
    },
    define('evenkeel createFetch', async (nextUrl) => {
      const { consecutiveFailures } = await import('@evenkeel/circuit-breaker')
      const { createFetch } = await import('@evenkeel/fetch')
      const resilientFetch = createFetch({
        // By default it would soon refuse to: two thirds of all requests fail here.
        retry: { maxRetries, backoff: () => 0, budget: false },
        circuitBreaker: { trip: consecutiveFailures({ threshold: 1e9 }) },
      })
      return async () => readJson(await resilientFetch(nextUrl()))
    }),
  ]
}

/** Names that no other call has, so that the server knows which try a request is. */
function numberedIds({ processId }: Setting): () => string {
  let last = 0
  return () => `${processId}-${++last}`
}
