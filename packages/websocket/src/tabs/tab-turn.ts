import type { Release } from '@evenkeel/core'

/** As of `navigator.locks`. */
export interface TabLocks {
  /** Calls back with the lock, and holds it until what that gives is settled. */
  request(
    name: string,
    options: { readonly signal: AbortSignal },
    callback: () => Promise<void>,
  ): Promise<unknown>
}

/**
 * Waits for this tab's turn to hold the connection; gives the turn, or the place in the queue, back when
 * released. Where locks can't be had, as in a sandboxed frame, `onRefused` is told.
 */
export function takeTurn(
  locks: TabLocks,
  name: string,
  onTurn: () => void,
  onRefused: () => void,
): Release {
  const controller = new AbortController()
  let giveUp = (): void => {}
  const isOver = new Promise<void>((resolve) => {
    giveUp = resolve
  })
  locks
    .request(name, { signal: controller.signal }, () => {
      // The lock may come in the same moment as its release.
      if (controller.signal.aborted) return Promise.resolve()
      onTurn()
      return isOver
    })
    .catch(() => {
      if (!controller.signal.aborted) onRefused()
    })
  return () => {
    controller.abort()
    giveUp()
  }
}
