// separator, `key=`, then a String, a Byte Sequence or a run of characters that can't end a value.
const PART =
  /(^|;|[ \t]*,)[ \t]*(?:([a-z*][a-z\d_.*-]*)=)?("(?:[ !#-[\]-~]|\\["\\])*"|:[A-Za-z\d+/=]*:|[!#-+\--9<>-~][!#-+\--:<>-~]*)/y

/** One member: its parameters as they were written, and the bare item itself under `''`. */
export type FieldItem = ReadonlyMap<string, string>

/**
 * Splits a structured field (RFC 9651) that is a List of items with parameters; flags are left out.
 * One error anywhere, more than 4,096 characters or 32 members, makes the whole field `undefined`.
 * Values other than Strings are for the reader of each parameter to check. Every character is read once.
 */
export function fieldItems(text: string): readonly FieldItem[] | undefined {
  if (text.length > 4096) return undefined
  const end = text.trimEnd().length
  const items: Map<string, string>[] = []
  PART.lastIndex = 0
  while (PART.lastIndex < end) {
    const [, separator, key, value] = PART.exec(text) ?? []
    if (!value || (separator && !items.length)) return undefined
    if (separator === ';') {
      if (!key && !/^[a-z*]/.test(value)) return undefined
      if (key) items.at(-1)?.set(key, value)
    } else {
      if (key || items.length > 31) return undefined
      items.push(new Map([['', value]]))
    }
  }
  return items
}
