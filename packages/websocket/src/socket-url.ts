/** A URL as the platform's `WebSocket` takes it: relative ones against the page, `http` as `ws`. @throws `SyntaxError` */
export function socketUrl(given: string | URL): string {
  let href = ''
  try {
    const { location } = globalThis as { location?: { href?: string } }
    href = new URL(given, location?.href).href.replace(/^http/, 'ws')
  } catch {}
  if (!/^wss?:[^#]*$/.test(href))
    throw new DOMException(
      'websocket: the URL must be ws:, wss:, http: or https: without a fragment',
      'SyntaxError',
    )
  return href
}

/** The failure domain of a URL, as fetch names it. */
export function originOf(url: string): string {
  return new URL(url.replace(/^ws/, 'http')).origin
}
