/** To five significant digits: more would be noise, and a longer report. */
export function rounded(value: number): number {
  return Number(value.toPrecision(5))
}

/** A part of a whole; `null` when there is no whole. */
export function ratioOf(part: number, whole: number): number | null {
  return whole ? rounded(part / whole) : null
}
