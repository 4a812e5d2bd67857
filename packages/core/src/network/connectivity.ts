/** `unknown`: nothing speaks against a network, and nothing has come through it yet. */
export type NetworkState = 'online' | 'offline' | 'unknown'

/** What bears on whether there is a network. */
export type Evidence =
  /** What the platform says. Only its no counts: a yes is a cable to anywhere. */
  | { readonly type: 'platform'; readonly isOnline: boolean }
  /** Something came in. */
  | { readonly type: 'answered'; readonly key: string }
  /** No connection to `key` could be made, or the one there was is gone. */
  | { readonly type: 'unreachable'; readonly key: string }

/** What is known of the network, as data. */
export interface Connectivity {
  readonly state: NetworkState
  /** What the platform said last. */
  readonly isPlatformOnline: boolean
  /** Whose failure came last, with no answer from anybody since. */
  readonly unreachable: string | undefined
}

/** Nothing is known. */
export const unknownConnectivity: Connectivity = {
  state: 'unknown',
  isPlatformOnline: true,
  unreachable: undefined,
}

/**
 * Takes in a piece of evidence.
 *
 * An answer proves a network, whatever the platform says. Without one, the platform's "offline" is
 * believed; its "online" is not, but ends a belief that there is none. A failure to reach one server
 * casts doubt, two servers in a row, or one while the platform says "offline", settle it.
 */
export function learn(known: Connectivity, evidence: Evidence): Connectivity {
  switch (evidence.type) {
    case 'answered':
      return { ...known, state: 'online', unreachable: undefined }
    case 'platform': {
      const { isOnline } = evidence
      if (isOnline === known.isPlatformOnline) return known
      return {
        state: isOnline ? 'unknown' : 'offline',
        isPlatformOnline: isOnline,
        unreachable: undefined,
      }
    }
    case 'unreachable': {
      const { key } = evidence
      const isProof = !known.isPlatformOnline || (known.unreachable ?? key) !== key
      const state = isProof || known.state === 'offline' ? 'offline' : 'unknown'
      return { ...known, state, unreachable: key }
    }
  }
}
