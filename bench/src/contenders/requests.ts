import type { Call, Contender, Setting } from '../race/contender.ts'
import { readJson } from './read-json.ts'

type Fetch = typeof globalThis.fetch

/** Makes the contenders that call `fetch` and read the answer's JSON, over any `fetch`. */
export function requestContenders(
  fetchOf: () => Fetch,
  urlOf: (setting: Setting) => string,
  target: number,
): Contender[] {
  const define = (
    name: string,
    build: (fetch: Fetch, url: string) => Call | Promise<Call>,
    most?: number,
  ): Contender => ({
    name,
    target: most,
    prepare: async (setting) => build(fetchOf(), urlOf(setting)),
  })
  const bare =
    (fetch: Fetch, url: string): Call =>
    async () =>
      readJson(await fetch(url))
  return [
    define('bare fetch', bare),
    define('bare fetch (twin, control)', bare),
    define(
      'bare fetch + AbortSignal.timeout',
      (fetch, url) => async () =>
        readJson(await fetch(url, { signal: AbortSignal.timeout(60_000) })),
    ),
    define('p-retry + fetch', async (fetch, url) => {
      const { default: pRetry } = await import('p-retry')
      return async () => readJson(await pRetry(() => fetch(url)))
    }),
    define('cockatiel wrap(retry, breaker, timeout) + fetch', async (fetch, url) => {
      const { cockatielPolicy } = await import('./cockatiel-policy.ts')
      const policy = cockatielPolicy()
      // It aborts the signal of what has succeeded, so the body must be read inside.
      return () => policy.execute(async ({ signal }) => readJson(await fetch(url, { signal })))
    }),
    define('ky', async (fetch, url) => {
      const { default: ky } = await import('ky')
      const client = ky.create({ fetch })
      return () => client.get(url).json()
    }),
    define(
      'evenkeel createFetch',
      async (fetch, url) => {
        const { createFetch } = await import('@evenkeel/fetch')
        const resilientFetch = createFetch({ fetch })
        return async () => readJson(await resilientFetch(url))
      },
      target,
    ),
  ]
}
