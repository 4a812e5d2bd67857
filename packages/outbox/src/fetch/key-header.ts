import { checkWord } from '../checks.ts'
import { complete } from '../settings.ts'
import type { KeyHeader } from './outbox-fetch-options.ts'

/** Writes idempotency keys into headers. */
export interface KeyWriter {
  /** The header's, in lower case. */
  readonly name: string
  /** The key that is there already. */
  read(headers: Headers): string | undefined
  write(headers: Headers, key: string): void
}

/**
 * By the draft a key is a string of structured fields; what is in quotes may be escaped (RFC 9651 §3.3.3).
 *
 * @throws `RangeError` for a bad option, `TypeError` for a bad name
 */
export function keyWriter(given: KeyHeader = {}): KeyWriter {
  const { header, format } = complete({ header: 'Idempotency-Key', format: 'quoted' }, given)
  checkWord('format', format, ['quoted', 'bare'])
  // Refuses what is no name of a header, and says which.
  new Headers([[header, '']])
  const isQuoted = format === 'quoted'
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
