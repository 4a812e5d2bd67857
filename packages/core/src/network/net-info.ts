import type { NetworkInformationLike } from './network-information.ts'
import type { NetworkSignals } from './network-monitor-options.ts'

/** As much as is read of a state of @react-native-community/netinfo. */
export interface NetInfoStateLike {
  readonly type: string
  readonly isConnected: boolean | null
  /** Whether NetInfo has reached its server of late. */
  readonly isInternetReachable?: boolean | null | undefined
  /** Of a cellular network, with its `cellularGeneration`. */
  readonly details?: object | null | undefined
}

/** As `NetInfo` of @react-native-community/netinfo. */
export interface NetInfoLike {
  /** Calls back with the state as it is, and on each change. */
  addEventListener(listener: (state: NetInfoStateLike) => void): () => void
}

/**
 * Lets a monitor learn of the network in an app of React Native: `networkMonitor(netInfo(NetInfo))`. No
 * network, or one from which NetInfo reaches nothing, is `offline`; the generation of a cellular one stands in
 * for its effective type.
 */
export function netInfo(NetInfo: NetInfoLike): {
  readonly signals: NetworkSignals
  readonly connection: NetworkInformationLike
} {
  let isOnline = true
  let type: string | undefined
  let effectiveType: string | undefined
  return {
    signals: {
      isOnline: () => isOnline,
      listen: (listener) =>
        NetInfo.addEventListener((state) => {
          // `null` is "not known yet".
          const isNowOnline = state.isConnected !== false && state.isInternetReachable !== false
          const signal = isNowOnline === isOnline ? 'changed' : isNowOnline ? 'online' : 'offline'
          isOnline = isNowOnline
          type = state.type
          const { cellularGeneration } = Object(state.details) as { cellularGeneration?: unknown }
          effectiveType = String(cellularGeneration ?? '') || undefined
          listener(signal)
        }),
    },
    connection: {
      get type() {
        return type
      },
      get effectiveType() {
        return effectiveType
      },
    },
  }
}
