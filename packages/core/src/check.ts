/**
 * Refuses what is left of the options of `owner` when all that it knows are taken: a name that is misspelt
 * would do nothing.
 *
 * @throws `RangeError` naming the option.
 */
export function checkNoOther(owner: string, others: Record<string, never>): void {
  for (const name in others) throw new RangeError(`${owner}: there is no option ${name}`)
}

/**
 * Checks a number among the options of `owner`, at creation. `must` words the rule when a plain
 * range does not: `≥ baseDelayMs (1000)`.
 *
 * @throws `RangeError` naming option, rule and value.
 */
export function checkNumber(
  owner: string,
  name: string,
  value: unknown,
  min: number,
  max: number = Infinity,
  must: string = max === Infinity ? `a number ≥ ${min}` : `a number from ${min} to ${max}`,
): void {
  if (!(typeof value === 'number' && value >= min && value <= max))
    throw new RangeError(`${owner}: ${name} must be ${must}, got ${String(value)}`)
}
