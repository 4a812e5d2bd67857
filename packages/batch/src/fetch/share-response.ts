/**
 * Makes a response for each of several callers out of one. A body is teed, so that each may read it at its
 * own pace, and ends with its caller's own signal. What a wrapper such as `createFetch` has put on the response, readers that bound its
 * time, goes along.
 */
export function shareResponse(
  response: Response,
  signals: readonly (AbortSignal | undefined)[],
): readonly Response[] {
  if (!signals.length) {
    // All have left while it came. A body that nobody reads would hold its connection.
    response.body?.cancel().catch(() => {})
    return []
  }
  return copies(response, signals.length).map((copy, place) => bind(copy, signals[place]))
}

/** Halves of halves: a chain of clones would pass every chunk through all of them. */
function copies(response: Response, count: number): Response[] {
  if (count === 1) return [response]
  const half = count >> 1
  const clone = withOwn(response.clone(), response)
  return [...copies(response, count - half), ...copies(clone, half)]
}

/** Takes over what a wrapper has put on a response: a symbol for that is registered, others are the platform's own (Deno). */
function withOwn(copy: Response, response: Response): Response {
  const symbols = Object.getOwnPropertySymbols(response).filter(Symbol.keyFor)
  for (const key of [...Object.keys(response), ...symbols])
    Reflect.set(copy, key, Reflect.get(response, key))
  return copy
}

function bind(response: Response, signal: AbortSignal | undefined): Response {
  if (!signal || !response.body) return response
  const { status, statusText, headers, url, redirected, type } = response
  const body = response.body.pipeThrough(new TransformStream(), { signal })
  const bound = new Response(body, { status, statusText, headers })
  for (const [name, value] of Object.entries({ url, redirected, type }))
    Object.defineProperty(bound, name, { value })
  return withOwn(bound, response)
}
