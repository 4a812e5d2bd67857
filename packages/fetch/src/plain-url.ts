/** A URL that may be logged: without query, fragment, credentials, and segments so long that they must be tokens. */
export function plainUrl(url: string): string {
  return url
    .replace(/[?#].*$/s, '')
    .replace(/^(\w+:[/\\]*|[/\\]{2,})[^/\\]*@/, '$1')
    .replace(/\/[\w.-]{60,}/g, '/…')
}
