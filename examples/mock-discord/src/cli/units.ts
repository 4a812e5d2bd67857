/** A share, as in `99.5 %`; a dash where there is none. */
export const percent = (ratio: number | null): string =>
  ratio === null ? '–' : `${(100 * ratio).toFixed(1)} %`

/** A time, as in `150 ms`, `30.2 s` or `12 min`. */
export function ms(value: number): string {
  if (value < 1_000) return `${Math.round(value)} ms`
  if (value < 100_000) return `${(value / 1_000).toFixed(1)} s`
  return value < 7_200_000
    ? `${Math.round(value / 60_000)} min`
    : `${Math.round(value / 3_600_000)} h`
}

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** A number, as in `15,000`. */
export const count = (value: number): string => grouped.format(value)
