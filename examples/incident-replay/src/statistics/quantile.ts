/** Gives the value below which `ratio` of the values lie, by the nearest rank; `undefined` of none. */
export function quantile(values: readonly number[], ratio: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(ratio * sorted.length) - 1)]
}
