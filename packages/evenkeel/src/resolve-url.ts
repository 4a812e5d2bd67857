/** Reads the address of an API. @throws `TypeError` for what names no server, as `localhost:3000` does not */
export function readBaseUrl(given: string | URL | undefined): URL | undefined {
  if (given === undefined) return undefined
  const page = globalThis.location?.href
  const base = URL.canParse(given, page) ? new URL(given, page) : undefined
  if (base?.host) return base
  throw new TypeError(`createClient: baseUrl must be the URL of a server, got ${given}`)
}

/** Makes a URL absolute; what is no URL is left to whoever is given it, who says it better. */
export function resolveUrl(url: string, baseUrl: URL | undefined): string {
  try {
    return new URL(url, baseUrl).href
  } catch {
    return url
  }
}

/** The address of a socket: like a call's, with `ws:` for `http:`. */
export function socketUrl(url: string | URL, baseUrl: URL | undefined): string {
  return resolveUrl(String(url), baseUrl).replace(/^http/, 'ws')
}

/** The failure domain of a socket: that of calls to the same server; `undefined` for what is no URL. */
export function httpOrigin(url: string | URL, baseUrl: URL | undefined): string | undefined {
  const address = resolveUrl(String(url), baseUrl).replace(/^ws/, 'http')
  return URL.canParse(address) ? new URL(address).origin : undefined
}
