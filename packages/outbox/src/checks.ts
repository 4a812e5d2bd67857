function refuse(name: string, rule: string, value: unknown): never {
  throw new RangeError(`outbox: ${name} must be ${rule}, got ${String(value)}`)
}

/** Checks what `typeof` says, and that a number is one. @throws `RangeError` naming what it is, rule and value */
export function checkType(name: string, value: unknown, wanted: string | undefined): void {
  const type = typeof value
  if (!wanted?.includes(type) || (type === 'number' && !Number.isFinite(value)))
    refuse(name, `of type ${wanted}`, value)
}

/** Checks that it is one of these words. @throws `RangeError` naming what it is, rule and value */
export function checkWord(name: string, value: unknown, words: readonly string[]): void {
  if (!words.includes(value as string)) refuse(name, words.join(' or '), value)
}
