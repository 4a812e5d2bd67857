/**
 * Reads a `Cache-Control` field (RFC 9111 §5.2): directives in lower case, with their values; the first of two counts. One
 * that names fields, as `private="set-cookie"` does, is taken as if it named none: that keeps less.
 */
export function directives(field: string | null): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const pattern = /([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?/g
  for (const [, name = '', quoted, bare = ''] of (field ?? '').matchAll(pattern)) {
    const key = name.toLowerCase()
    if (!found.has(key)) found.set(key, quoted ?? bare)
  }
  return found
}

/** Milliseconds of a directive of seconds, 0 for one that is none (RFC 9111 §4.2.1: stale); `undefined` if it is not there. */
export function directiveMs(from: ReadonlyMap<string, string>, name: string): number | undefined {
  const value = from.get(name)
  if (value === undefined) return undefined
  // As much as RFC 9111 §1.2.2 asks to understand.
  return /^\d+$/.test(value) ? Math.min(Number(value), 2 ** 31) * 1000 : 0
}
