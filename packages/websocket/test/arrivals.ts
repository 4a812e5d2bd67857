/**
 * Waits until so many have come. A busy machine may take its time, but something must come in every minute.
 *
 * @throws when nothing does
 */
export async function arrivals(count: () => number, expected: number): Promise<void> {
  const limitMs = 60_000
  let last = count()
  let lastAtMs = performance.now()
  while (last < expected) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    const now = count()
    if (now > last) {
      last = now
      lastAtMs = performance.now()
    } else if (performance.now() - lastAtMs > limitMs)
      throw new Error(`nothing came for ${limitMs} ms, after ${last} of ${expected}`)
  }
}

/** How long such a wait may take in all. */
export const arrivalsTimeoutMs = 900_000
