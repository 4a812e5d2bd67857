/** What a fake server was asked, part by part. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly body: unknown
  readonly headers: Record<string, string>
}

/** A server that takes JSON batches and single requests, and answers each path by its own name. */
export function jsonServer(
  answer: (asked: Asked) => {
    status?: number
    headers?: Record<string, string>
    body?: unknown
  } = ({ path }) => ({ body: path }),
) {
  const batches: Asked[][] = []
  const singles: string[] = []
  const inits: RequestInit[] = []
  const fetch: typeof globalThis.fetch = async (input, init = {}) => {
    const url = new URL(typeof input === 'object' && 'url' in input ? input.url : input)
    if (url.pathname !== '/batch') {
      singles.push(`${init.method ?? 'GET'} ${url.pathname}`)
      return new Response(`single ${url.pathname}`)
    }
    inits.push(init)
    const parts = JSON.parse(String(init.body)) as (Asked & { id: string; url: string })[]
    batches.push(
      parts.map(({ method, url: path, body, headers }) => ({ method, path, body, headers })),
    )
    return Response.json(
      parts
        .map(({ id, method, url: path, body, headers }) => {
          const { status = 200, ...rest } = answer({ method, path, body, headers })
          return { id, status, ...rest }
        })
        .reverse(),
    )
  }
  return { fetch, batches, singles, inits }
}
