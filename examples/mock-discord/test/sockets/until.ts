/** Waits until something is so, polling what no event tells of. */
export async function until<T>(find: () => T | undefined | false, timeoutMs = 10_000): Promise<T> {
  const endMs = performance.now() + timeoutMs
  for (;;) {
    const found = find()
    if (found !== undefined && found !== false) return found as T
    if (performance.now() > endMs) throw new Error(`not within ${timeoutMs} ms: ${find}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
