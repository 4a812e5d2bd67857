/**
 * Opens what the platform has to speak with other tabs: nothing where there is no `BroadcastChannel`, or where
 * it is refused, as Firefox does to users who allow no cookies.
 */
export function platformChannel(name: string): BroadcastChannel | undefined {
  try {
    return globalThis.BroadcastChannel && new BroadcastChannel(name)
  } catch {
    return undefined
  }
}
