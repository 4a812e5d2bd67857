/** As much as is read of `navigator.connection` (Network Information API); every part may be missing. */
export interface NetworkInformationLike {
  /** `slow-2g`, `2g`, `3g` or `4g`. */
  readonly effectiveType?: string | undefined
  /** The round trip in milliseconds, 0 when it is not known. */
  readonly rtt?: number | undefined
  /** The downlink in millions of bits a second. */
  readonly downlink?: number | undefined
  readonly saveData?: boolean | undefined
  /** The technology underneath: `wifi`, `cellular`, … */
  readonly type?: string | undefined
  /** Calls back when any of it has changed. */
  addEventListener?(type: 'change', listener: () => void): void
  /** Calls back no more. */
  removeEventListener?(type: 'change', listener: () => void): void
}

/** The platform's own, in the browsers that have one. */
export function browserConnection(): NetworkInformationLike | undefined {
  const { navigator } = globalThis as { navigator?: { connection?: NetworkInformationLike } }
  return navigator?.connection
}
