/** A share, as in `99.5 %`; a dash where there is none. */
export const percent = (ratio: number | null): string =>
  ratio === null ? '–' : `${(100 * ratio).toFixed(1)} %`

/** A time, as in `30.2 s` or `150 ms`. */
export const ms = (value: number): string =>
  value < 1_000 ? `${Math.round(value)} ms` : `${(value / 1_000).toFixed(1)} s`
