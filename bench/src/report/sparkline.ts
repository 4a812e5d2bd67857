import sparkly from 'sparkly'

/** Draws figures as bars: nothing for 0, a full one for `full` and more; in Markdown's code quotes, which keep blanks. */
export function sparkline(values: readonly number[], full: number): string {
  const bars = sparkly(
    values.map((value) => (value > 0 ? Math.min(value, full) : Number.NaN)),
    { minimum: 0, maximum: full },
  )
  return `\`${bars}\``
}
