import type { Random } from '@evenkeel/core'
import {
  advise,
  afterLoss,
  type ConnectRules,
  type ConnectState,
  connectSucceeded,
  defaultConnectRules,
  type Loss,
  newConnect,
} from '@evenkeel/websocket'

/** When the sockets of a fleet dial again. */
export interface Reconnects {
  /** The wait after a connection was lost, or a dial came to nothing. */
  delayMs(socket: number, loss: Loss, nowMs: number): number
  /** The server says how wide to spread the dials. */
  advise?(socket: number, windowMs: number, nowMs: number): void
  /** A dial opened. */
  opened(socket: number): void
}

/** Makes what so many sockets go by. */
export type ReconnectKind = (sockets: number, random: Random) => Reconnects

/** The sockets of @evenkeel/websocket: `afterLoss`, its core, decides. */
export function evenkeelSockets(rules: Partial<ConnectRules> = {}): ReconnectKind {
  const all = { ...defaultConnectRules, ...rules }
  return (sockets, random) => {
    const states: (ConnectState | undefined)[] = new Array(sockets).fill(undefined)
    const stateOf = (socket: number): ConnectState => {
      states[socket] ??= newConnect()
      return states[socket]
    }
    return {
      delayMs(socket, loss, nowMs) {
        const { delayMs, stop } = afterLoss(stateOf(socket), loss, all, nowMs, random, () => true)
        return stop ? Infinity : delayMs
      },
      advise(socket, windowMs, nowMs) {
        advise(stateOf(socket), { windowMs }, nowMs)
      },
      opened(socket) {
        connectSucceeded(stateOf(socket))
      },
    }
  }
}

/** Sockets that wait a time that depends on how often they have failed, whatever the cause; 1 is the first dial after a loss. */
export function backoffSockets(
  delayMs: (failures: number, random: Random) => number,
): ReconnectKind {
  return (sockets, random) => {
    const failures = new Uint16Array(sockets)
    return {
      delayMs(socket) {
        const count = Math.min((failures[socket] as number) + 1, 1000)
        failures[socket] = count
        return delayMs(count, random)
      },
      opened(socket) {
        failures[socket] = 0
      },
    }
  }
}
