import { systemClock, type Timer } from '@evenkeel/core'
import type { SocketState } from './events.ts'
import type { WebSocketLike } from './inner-socket.ts'
import type { Settings } from './settings.ts'

/** Whether this connection keeps a Node process alive; changes nothing where the socket underneath can't be told. */
function hold(inner: WebSocketLike | undefined, isHeld: boolean): void {
  const told = inner?.unref ? inner : inner?._socket
  if (isHeld) told?.ref?.()
  else told?.unref?.()
}

/**
 * The state of a socket, for which a Node process lives until it is closed, or no longer. Its timers, all limits but
 * for one, don't do that, and an open connection does it by itself: in between there is a wait for nothing else.
 */
export abstract class Referenced {
  readonly settings: Settings
  #isReferenced = true
  #state: SocketState = 'connecting'
  #wait: Timer | undefined

  constructor(settings: Settings) {
    this.settings = settings
  }

  get state(): SocketState {
    return this.#state
  }

  set state(state: SocketState) {
    this.#state = state
    const isApart = state === 'connecting' || state === 'waiting'
    if (isApart && this.#isReferenced && this.settings.keepsAlive)
      this.#wait ??= systemClock.scheduleAt(Infinity, () => {})
    else {
      this.#wait?.cancel()
      this.#wait = undefined
    }
  }

  abstract get inner(): WebSocketLike | undefined

  /** The sockets underneath, as far as there are any. */
  protected get inners(): readonly (WebSocketLike | undefined)[] {
    return [this.inner]
  }

  /** A socket underneath has opened. */
  adopt(inner: WebSocketLike): void {
    if (!this.#isReferenced) hold(inner, false)
  }

  /** Lets a Node process live for it, or no longer. */
  reference(isReferenced: boolean): void {
    this.#isReferenced = isReferenced
    this.state = this.#state
    for (const inner of this.inners) hold(inner, isReferenced)
  }
}
