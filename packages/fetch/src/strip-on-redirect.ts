import { isStream } from './is-stream.ts'
import { releaseBody } from './release-body.ts'

const redirects = [301, 302, 303, 307, 308]
/** As many as the Fetch standard follows. */
const maxRedirects = 20

/**
 * A `fetch` that forgets the named headers, such as `x-api-key`, when a redirect leads to another
 * origin; the platform forgets only `Authorization` and cookies. For `createFetch({ fetch })`.
 *
 * Browsers do not show redirects to pages: there use the platform's fetch, and CORS.
 *
 * @throws `TypeError` for a redirect that asks for a stream again or leads elsewhere than to HTTP,
 * and for the 21st in a row.
 */
export function stripOnRedirect(
  names: readonly string[],
  send: typeof globalThis.fetch = (input, init) => globalThis.fetch(input, init),
): typeof globalThis.fetch {
  return async (input, init = {}) => {
    const request = typeof input === 'object' && 'method' in input ? input : undefined
    if ((init.redirect ?? request?.redirect ?? 'follow') !== 'follow') return send(input, init)
    const headers = new Headers(init.headers ?? request?.headers)
    const signal = init.signal === undefined ? request?.signal : init.signal
    let method = init.method ?? request?.method ?? 'GET'
    const { body: given, ...rest } = init
    let body = given ?? (request?.body ? await request.arrayBuffer() : undefined)
    let url = new URL(request?.url ?? String(input))
    for (let hop = 0; ; hop++) {
      const response = await send(url, {
        ...rest,
        method,
        headers,
        redirect: 'manual',
        ...(signal && { signal }),
        ...(body != null && { body }),
      })
      const { status } = response
      const location = response.headers.get('location')
      if (!redirects.includes(status) || location === null) return response
      releaseBody(response)
      if (hop === maxRedirects) throw new TypeError(`More than ${maxRedirects} redirects`)
      const next = new URL(location, url)
      if (!/^https?:$/.test(next.protocol)) throw new TypeError('A redirect to no HTTP URL')
      if (next.origin !== url.origin)
        for (const name of ['authorization', 'cookie', 'proxy-authorization', ...names])
          headers.delete(name)
      if (status === 303 ? method !== 'HEAD' : status < 303 && method === 'POST') {
        method = 'GET'
        body = undefined
        for (const name of ['encoding', 'language', 'location', 'type', 'length'])
          headers.delete(`content-${name}`)
      } else if (isStream(body))
        throw new TypeError(
          `A ${status} asks for the body again, and a stream can be sent only once`,
        )
      url = next
    }
  }
}
