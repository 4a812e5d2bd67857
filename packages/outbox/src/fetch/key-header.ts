import type { KeyHeader } from './outbox-fetch-options.ts'

/** Writes idempotency keys into headers. */
export interface KeyWriter {
  /** The header's, in lower case. */
  readonly name: string
  /** The key that is there already. */
  read(headers: Headers): string | undefined
  write(headers: Headers, key: string): void
}

/** By the draft a key is a string of structured fields; what is in quotes may be escaped (RFC 9651 §3.3.3). */
export function keyWriter({
  header = 'Idempotency-Key',
  format = 'quoted',
}: KeyHeader = {}): KeyWriter {
  const isQuoted = format !== 'bare'
  return {
    name: header.toLowerCase(),
    read(headers) {
      const value = headers.get(header) || undefined
      return isQuoted ? value?.replace(/^"(.*)"$/s, '$1').replace(/\\(["\\])/g, '$1') : value
    },
    write(headers, key) {
      headers.set(header, isQuoted ? `"${key.replace(/["\\]/g, '\\$&')}"` : key)
    },
  }
}
