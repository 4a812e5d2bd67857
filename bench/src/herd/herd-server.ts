import type { Loss } from '@evenkeel/websocket'

/** How a dial ends, and when its client knows. */
type Answer = { readonly opensAtMs: number } | { readonly failsAtMs: number; readonly loss: Loss }

/** What answers dials, in the order in which they come. */
export type HerdServer = (atMs: number) => Answer

const unreached = { code: 1006, reason: '', wasClean: false, phase: 'connecting' } as const

/** A server that refuses connections until it is up, and then takes all; an answer takes 1 ms. */
export function downUntil(upAtMs: number): HerdServer {
  const loss: Loss = { ...unreached, cause: 'network' }
  return (atMs) => (atMs < upAtMs ? { failsAtMs: atMs + 1, loss } : { opensAtMs: atMs + 1 })
}

/**
 * A server with an accept queue that never says no, and works through it without seeing who has given up:
 * that is what makes it stay down once its queue is longer than its clients' patience.
 */
export function deepQueue(perSecond: number, timeoutMs: number): HerdServer {
  const loss: Loss = { ...unreached, cause: 'timeout' }
  let freeAtMs = 0
  return (atMs) => {
    freeAtMs = Math.max(freeAtMs, atMs) + 1000 / perSecond
    const isInTime = freeAtMs - atMs <= timeoutMs
    return isInTime ? { opensAtMs: freeAtMs } : { failsAtMs: atMs + timeoutMs, loss }
  }
}
