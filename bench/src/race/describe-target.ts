/** Says whether a ratio keeps to its target; nothing for a contender without one. */
export function describeTarget(ratio: number, target: number | undefined): string | undefined {
  if (target === undefined) return undefined
  return `≤ ${target}: ${ratio <= target ? 'met' : 'missed'}`
}
