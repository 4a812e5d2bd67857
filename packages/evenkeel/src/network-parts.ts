import type { BatchOptions } from '@evenkeel/batch'
import { checkNumber } from '@evenkeel/core'
import type { NetworkMonitor } from '@evenkeel/core/network'
import type { Heartbeat, Liveness, ResilientSocket } from '@evenkeel/websocket'

type Window = BatchOptions<unknown>['window']

/** Lets a batch gather longer where a round trip takes long; one that ends with its tick still does. */
export function adaptiveWindowOf(
  network: Pick<NetworkMonitor, 'adaptation'>,
  window: Window = 0,
): Window {
  if (window === 0) return 0
  if (typeof window === 'number') {
    checkNumber('batch', 'window', window, 0)
    return adaptiveWindowOf(network, { delayMs: () => window, learn() {} })
  }
  return {
    delayMs: () => network.adaptation.batchWindowFactor * window.delayMs(),
    learn: (facts) => window.learn(facts),
  }
}

/** Lets a heart beat less often where that is dear, and tells the network of the round trips that it measures. */
export function adaptiveHeartbeat(
  network: Pick<NetworkMonitor, 'adaptation' | 'observe'>,
  heartbeat: Heartbeat,
  key: string | undefined,
): Heartbeat {
  return {
    check: (Inner) => heartbeat.check(Inner),
    start({ clock, random }, inner, lastRttMs, onDead): Liveness {
      const intervalFactor = (): number => network.adaptation.heartbeatFactor
      const heart = heartbeat.start({ clock, random, intervalFactor }, inner, lastRttMs, onDead)
      let seenMs = lastRttMs
      return {
        get rttMs() {
          return heart.rttMs
        },
        heard() {
          heart.heard()
          const { rttMs } = heart
          if (rttMs !== seenMs) network.observe({ outcome: 'answered', key, rttMs })
          seenMs = rttMs
        },
        wake: () => heart.wake(),
        stop: () => heart.stop(),
      }
    },
  }
}

/** Tells the network what the dials of a socket meet. */
export function observeDials(
  network: Pick<NetworkMonitor, 'observe'>,
  socket: ResilientSocket,
  key: string | undefined,
): void {
  socket.on('opened', () => network.observe({ outcome: 'answered', key }))
  socket.on('disconnected', ({ phase, cause }) => {
    if (phase === 'connecting' && cause === 'network')
      network.observe({ outcome: 'unreachable', key })
  })
}
