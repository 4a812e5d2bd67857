/** Minutes as milliseconds. */
export function minutes(count: number): number {
  return count * 60_000
}

/** Seconds as milliseconds. */
export function seconds(count: number): number {
  return count * 1000
}
