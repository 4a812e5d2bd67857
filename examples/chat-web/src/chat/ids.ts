/** Orders ids by age: they are numbers too large for a number. */
export function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
}

/** The younger of two ids; what there is of them. */
export function latestId(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return compareIds(a, b) < 0 ? b : a
}
