/** What of Node's `process` is needed here. */
interface Ticking {
  readonly process?: { readonly nextTick?: (callback: () => void) => void }
}

/** Takes a turn, and says whether another is to follow. */
export type Turn = () => boolean

/**
 * Takes turns, and lets all promises do before each what they can do without time passing: Node runs a tick only
 * when no microtask is left, browsers a message.
 */
export function takeTurns(turn: Turn): Promise<void> {
  const tick = (globalThis as Ticking).process?.nextTick
  if (!tick) return takeTurnsByMessage(turn)
  // Microtasks first: a tick asked for outside of them would come before them. `queueMicrotask` of Node costs more.
  const settled = Promise.resolve()
  return turns(turn, (next) => {
    const ask = (): void => tick(next)
    return () => settled.then(ask)
  })
}

/** The same where there are no ticks. */
export function takeTurnsByMessage(turn: Turn): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  return turns(turn, (next) => {
    port1.onmessage = next
    return () => port2.postMessage(undefined)
  }).finally(() => port1.close())
}

/** `later` makes of what is to be called next a function that sees to it. */
function turns(turn: Turn, later: (next: () => void) => () => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const askNext = later(() => {
      try {
        if (turn()) askNext()
        else resolve()
      } catch (error) {
        reject(error)
      }
    })
    askNext()
  })
}
