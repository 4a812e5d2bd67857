/** Formats a share, as in `99.9 %`; only all is `100 %`. */
export function percent(ratio: number | null): string {
  if (ratio === null) return '–'
  if (ratio === 0 || ratio === 1) return `${ratio * 100} %`
  const shown = ratio * 100
  // A run in which one call in ten thousand failed was not perfect.
  return shown < 10 || shown > 99
    ? `${Math.min(99.9, shown).toFixed(1)} %`
    : `${shown.toFixed(0)} %`
}

/** Formats a time, as in `150 ms`, `4.2 s`, `96 s`, `25 min`, `1 h 58 min`. */
export function duration(ms: number | null): string {
  if (ms === null) return '–'
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 120_000)
    return `${ms < 10_000 && ms % 1000 ? (ms / 1000).toFixed(1) : Math.round(ms / 1000)} s`
  const minutes = Math.round(ms / 60_000)
  if (minutes < 60) return `${minutes} min`
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes / 60} h`
}

/** Formats an instant of a scenario, as in `0:05`, `1:28:30`. */
export function clockTime(ms: number): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  const seconds = Math.round(ms / 1000)
  const minutes = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}`
  return seconds % 60 ? `${minutes}:${two(seconds % 60)}` : minutes
}

/** Formats a number of times, as in `1.08`. */
export function times(value: number | null): string {
  return value === null ? '–' : value.toFixed(2)
}

/** Formats a count, as in `12,345`. */
export function count(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : 0 })
}

/** Joins names as a sentence does. */
export function listed(names: readonly string[]): string {
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : names.join()
}
