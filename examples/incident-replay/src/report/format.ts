/** Formats a share, as in `99.9 %`; only all is `100 %`. */
export function percent(ratio: number | undefined): string {
  if (ratio === undefined) return '–'
  if (ratio === 0 || ratio === 1) return `${ratio * 100} %`
  const shown = ratio * 100
  // A run in which one call in ten thousand failed was not perfect.
  return shown < 10 || shown > 99
    ? `${Math.min(99.9, shown).toFixed(1)} %`
    : `${shown.toFixed(0)} %`
}

/** Formats a time of the scenario, as in `150 ms`, `4.2 s`, `96 s`. */
export function duration(ms: number | undefined): string {
  if (ms === undefined) return '–'
  if (ms < 1_000) return `${Math.round(ms)} ms`
  return ms < 10_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 1_000)} s`
}

/** Formats an instant of the scenario, as in `06:12`. */
export function clockTime(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`
}

/** Formats a ratio such as attempts per call. */
export const times = (value: number | undefined): string => value?.toFixed(1) ?? '–'

/** Formats a count, as in `12,345`. */
export const count = (value: number): string => value.toLocaleString('en-US')
