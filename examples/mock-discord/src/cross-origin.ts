import type { IncomingHttpHeaders } from 'node:http'

/** What lets a page of another origin read an answer and its headers. */
export function crossOrigin({ origin }: IncomingHttpHeaders): Record<string, string> {
  return origin === undefined
    ? {}
    : { 'access-control-allow-origin': '*', 'access-control-expose-headers': '*' }
}
