import type { TimeSource } from '../time-source.ts'

/** Why a saved text is left unread: no text of ours, of a later version of it, too old, or absurdly long. */
export type IgnoredReason = 'malformed' | 'future' | 'expired' | 'tooLong'

/** What is inside a saved text, or why it is left unread. */
export type Unsealed =
  | { readonly data: unknown; readonly ignored?: undefined }
  | { readonly data?: undefined; readonly ignored: IgnoredReason }

/** What an envelope is opened by. */
export interface EnvelopeRules {
  /** Of what is inside; a text of a later one is left for those who know it. */
  readonly version: number
  /** How old it may be. */
  readonly ttlMs: number
  /** How many characters it may have. */
  readonly maxLength: number
  readonly clock: TimeSource
}

/** Writes data, which must be plain JSON, with its version and the time. */
export function seal(data: unknown, version: number, clock: TimeSource): string {
  return JSON.stringify({ evenkeel: version, savedAtMs: clock.wallNow(), data })
}

/**
 * Reads what {@link seal} has written; bears anything. A text from the future, after a wall clock was
 * set back, is as good as a new one.
 */
export function unseal(
  text: unknown,
  { version, ttlMs, maxLength, clock }: EnvelopeRules,
): Unsealed {
  if (typeof text !== 'string') return { ignored: 'malformed' }
  if (text.length > maxLength) return { ignored: 'tooLong' }
  let envelope: { evenkeel?: unknown; savedAtMs?: unknown; data?: unknown }
  try {
    envelope = Object(JSON.parse(text))
  } catch {
    return { ignored: 'malformed' }
  }
  const { evenkeel, savedAtMs, data } = envelope
  if (typeof evenkeel !== 'number' || typeof savedAtMs !== 'number') return { ignored: 'malformed' }
  if (evenkeel !== version) return { ignored: evenkeel > version ? 'future' : 'malformed' }
  return clock.wallNow() - savedAtMs > ttlMs ? { ignored: 'expired' } : { data }
}
