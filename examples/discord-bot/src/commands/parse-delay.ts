const unitMs: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000 }
const longestMs = 86_400_000

/** Reads `10s`, `5m` or `1h30m` at the beginning of a text: from a second to a day. */
export function parseDelay(
  text: string,
): { readonly delayMs: number; readonly rest: string } | undefined {
  const [whole, ...parts] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?=\s|$)/i.exec(text) ?? []
  if (!whole) return undefined
  const delayMs = ['h', 'm', 's'].reduce(
    (sum, unit, at) => sum + Number(parts[at] ?? 0) * (unitMs[unit] as number),
    0,
  )
  if (delayMs < 1000 || delayMs > longestMs) return undefined
  return { delayMs, rest: text.slice(whole.length).trim() }
}
