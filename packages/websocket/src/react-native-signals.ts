import type { NetInfoLike, PlatformSignals } from '@evenkeel/core/network'

/** As `AppState` of react-native. */
export interface AppStateLike {
  readonly currentState: string | null
  /** Calls back on each change. */
  addEventListener(type: 'change', listener: (state: string) => void): { remove(): void }
}

/**
 * Makes the signals of an app of React Native, which has neither `document` nor `navigator.onLine`: for the
 * option `signals`. In the background its timers stand still and its connections are cut; when it is in
 * front again, they are looked after at once. Another network is told as `online`: addresses change with it.
 */
export function reactNativeSignals({
  AppState,
  NetInfo,
}: {
  readonly AppState: AppStateLike
  /** @defaultValue none: the app then counts as online */
  readonly NetInfo?: NetInfoLike | undefined
}): PlatformSignals {
  let isOnline = true
  // `inactive` is a call, or the app switcher of iOS: the app goes on.
  const isSeen = (state: string | null): boolean => state !== 'background'
  return {
    isOnline: () => isOnline,
    isVisible: () => isSeen(AppState.currentState),
    listen(listener) {
      let wasSeen = isSeen(AppState.currentState)
      let wasOnline = isOnline
      let network: string | undefined
      const app = AppState.addEventListener('change', (state) => {
        if (isSeen(state) === wasSeen) return
        wasSeen = !wasSeen
        listener(wasSeen ? 'visible' : 'hidden')
      })
      const stop = NetInfo?.addEventListener(({ type, isConnected }) => {
        // `null` is "not known yet".
        if (isConnected === null) return
        isOnline = isConnected
        const isOther = isOnline && network !== undefined && network !== type
        if (isOnline) network = type
        if (isOnline !== wasOnline || isOther) listener(isOnline ? 'online' : 'offline')
        wasOnline = isOnline
      })
      return () => {
        app.remove()
        stop?.()
      }
    },
  }
}
