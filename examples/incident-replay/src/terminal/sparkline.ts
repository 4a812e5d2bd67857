const bars = '▁▂▃▄▅▆▇█'

/** Draws ratios from 0 to 1 as one character each, the newest last; `undefined` is a gap. */
export function sparkline(ratios: readonly (number | undefined)[]): string {
  return ratios
    .map((ratio) => {
      if (ratio === undefined) return ' '
      const index = Math.round(Math.min(1, Math.max(0, ratio)) * (bars.length - 1))
      return bars[index]
    })
    .join('')
}
