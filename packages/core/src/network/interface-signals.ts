import type { Release } from '../cancellation.ts'
import { checkNumber } from '../check.ts'
import type { Clock, Timer } from '../clock.ts'
import { timeoutClock } from '../timeout-clock.ts'
import type { NetworkSignals } from './network-monitor-options.ts'

/** As `node:os`. */
export interface NetworkInterfacesLike {
  /** The addresses of each interface. */
  networkInterfaces(): Readonly<
    Record<string, readonly { readonly internal: boolean }[] | undefined>
  >
}

/** What {@link interfaceSignals} can be told. */
export interface InterfaceSignalsOptions {
  /** How often to look, while somebody listens: Node.js tells of no change. @defaultValue 5000 */
  readonly pollMs?: number | undefined
  /** @defaultValue `timeoutClock`: to look keeps no process alive */
  readonly clock?: Clock | undefined
}

/**
 * Lets a monitor learn of the network in Node.js, which has no `online` event:
 * `networkMonitor({ signals: interfaceSignals(os) })`. A machine with no address but its own is `offline`.
 */
export function interfaceSignals(
  os: NetworkInterfacesLike,
  { pollMs = 5000, clock = timeoutClock }: InterfaceSignalsOptions = {},
): NetworkSignals {
  checkNumber('interfaceSignals', 'pollMs', pollMs, 1)
  const isOnline = (): boolean =>
    Object.values(os.networkInterfaces()).some((addresses) =>
      addresses?.some(({ internal }) => !internal),
    )
  return {
    isOnline,
    listen(listener): Release {
      let wasOnline = isOnline()
      let timer: Timer
      const wait = (): void => {
        timer = clock.scheduleAt(clock.now() + pollMs, look)
      }
      const look = (): void => {
        wait()
        if (isOnline() === wasOnline) return
        wasOnline = !wasOnline
        listener(wasOnline ? 'online' : 'offline')
      }
      wait()
      return () => timer.cancel()
    },
  }
}
