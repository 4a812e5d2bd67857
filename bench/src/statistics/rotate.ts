/** The same list begun further on, so that in some rounds each item comes first. */
export function rotate<T>(items: readonly T[], by: number): T[] {
  const start = items.length ? by % items.length : 0
  return [...items.slice(start), ...items.slice(0, start)]
}
