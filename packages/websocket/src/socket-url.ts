/** A URL as the platform's `WebSocket` takes it: relative ones against the page, `http` as `ws`. @throws `SyntaxError` */
export function socketUrl(given: string | URL): string {
  const text = String(given)
  let url: URL | undefined
  try {
    url = new URL(text, (globalThis as { location?: { href?: string } }).location?.href)
    url.protocol = url.protocol.replace(/^http/, 'ws')
  } catch {}
  if (!url || !/^wss?:$/.test(url.protocol) || url.hash || text.endsWith('#'))
    throw new DOMException(
      'websocket: the URL must be ws:, wss:, http: or https: without a fragment',
      'SyntaxError',
    )
  return url.href
}

/** The failure domain of a URL, as fetch names it. */
export function originOf(url: string): string {
  return new URL(url.replace(/^ws/, 'http')).origin
}
