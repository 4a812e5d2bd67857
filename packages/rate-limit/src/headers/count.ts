/** Reads a non-negative integer of at most 15 digits (RFC 9651 § 3.3.1). */
export function count(value: string | null | undefined): number | undefined {
  return value && value.length <= 64 && /^[ \t]*\d{1,15}[ \t]*$/.test(value) ? +value : undefined
}
