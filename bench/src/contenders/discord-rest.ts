import type { Call } from '../race/contender.ts'

/** One route of discord.js's client, which sends by undici's `request` and not by `fetch`. */
export async function discordRest(
  url: string,
  path: `/${string}`,
  nextId?: () => string,
): Promise<Call> {
  const { REST } = await import('@discordjs/rest')
  const rest = new REST({
    api: url,
    version: '10',
    retries: 3,
    globalRequestsPerSecond: 1e9,
    handlerSweepInterval: 0,
    hashSweepInterval: 0,
  })
  return () =>
    rest.get(
      path,
      nextId ? { auth: false, query: new URLSearchParams({ call: nextId() }) } : { auth: false },
    )
}
