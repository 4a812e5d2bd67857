import type { Call, Contender, Setting } from '../race/contender.ts'

type ReadJson = typeof import('./read-json.ts').readJson

type Fetch = typeof globalThis.fetch

/** Makes the contenders that call `fetch` and read the answer's JSON, over any `fetch`. */
export function requestContenders(
  fetchOf: () => Fetch,
  urlOf: (setting: Setting) => string,
  target: number,
): Contender[] {
  const define = (
    name: string,
    build: (fetch: Fetch, url: string, readJson: ReadJson) => Call | Promise<Call>,
    most?: number,
  ): Contender => ({
    name,
    target: most,
    async prepare(setting) {
      const { readJson } = await import(`./read-json.ts?${setting.copy}`)
      return build(fetchOf(), urlOf(setting), readJson)
    },
  })
  const bare =
    (fetch: Fetch, url: string, readJson: ReadJson): Call =>
    async () =>
      readJson(await fetch(url))
  return [
    define('bare fetch', bare),
    define('bare fetch (twin, control)', bare),
    define(
      'bare fetch + AbortSignal.timeout',
      (fetch, url, readJson) => async () =>
        readJson(await fetch(url, { signal: AbortSignal.timeout(60_000) })),
    ),
    define('p-retry + fetch', async (fetch, url, readJson) => {
      const { default: pRetry } = await import('p-retry')
      return async () => readJson(await pRetry(() => fetch(url)))
    }),
    define('cockatiel wrap(retry, breaker, timeout) + fetch', async (fetch, url, readJson) => {
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
      async (fetch, url, readJson) => {
        const { createFetch } = await import('@evenkeel/fetch')
        const resilientFetch = createFetch({ fetch })
        return async () => readJson(await resilientFetch(url))
      },
      target,
    ),
  ]
}
