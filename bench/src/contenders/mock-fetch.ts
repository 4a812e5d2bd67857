const body = JSON.stringify({ id: '1', content: 'hello' })
const init = { headers: { 'content-type': 'application/json' } }

/** A `fetch` without a network: all it does is the answer. */
export async function mockFetch(): Promise<Response> {
  return new Response(body, init)
}
