import type { HeadersLike } from '../../src/index.ts'

/** 2026-11-22T12:00:00Z, a Sunday. */
export const NOW = Date.UTC(2026, 10, 22, 12)

/** Headers that note which fields were read. */
export function fields(
  entries: Record<string, string>,
): HeadersLike & { readonly reads: string[] } {
  const headers = new Headers(entries)
  const reads: string[] = []
  return {
    reads,
    get(name) {
      reads.push(name)
      return headers.get(name)
    },
  }
}

/** `new Date(ms)` as an IMF-fixdate. */
export const imf = (ms: number): string => new Date(ms).toUTCString()
