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
