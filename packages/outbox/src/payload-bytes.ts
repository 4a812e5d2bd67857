/** About how many bytes a value takes when stored: text by its UTF-16 length, bytes by theirs, 8 for all else. */
export function payloadBytes(value: unknown, seen: Set<unknown> = new Set()): number {
  if (typeof value === 'string') return value.length
  if (Object(value) !== value || seen.has(value)) return 8
  seen.add(value)
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return value.byteLength
  if (value instanceof Blob) return value.size
  const parts =
    Symbol.iterator in (value as object)
      ? [...(value as Iterable<unknown>)]
      : Object.entries(value as object).flat()
  return parts.reduce<number>((sum, part) => sum + payloadBytes(part, seen), 8)
}
