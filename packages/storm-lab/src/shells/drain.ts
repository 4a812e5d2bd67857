/** What of Node's `process` is needed here. */
interface Ticking {
  readonly process?: { readonly nextTick?: (callback: () => void) => void }
}

/**
 * Resolves when all promises have done what they can do without time passing: Node runs a tick only when
 * no microtask is left, browsers a message.
 */
export function drain(): Promise<void> {
  const tick = (globalThis as Ticking).process?.nextTick
  if (!tick) return drainByMessage()
  // Microtasks first: a tick asked for outside of them would come before them. `queueMicrotask` of Node costs more.
  return new Promise((resolve) => Promise.resolve().then(() => tick(resolve)))
}

/** The same where there are no ticks. */
export function drainByMessage(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}
