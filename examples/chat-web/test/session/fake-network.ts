import type { PlatformSignal, PlatformSignals } from '@evenkeel/core/network'

/** What the browser says of the network, as a test wants it. */
export class FakeNetwork implements PlatformSignals {
  readonly #listeners = new Set<(signal: PlatformSignal) => void>()
  #isOnline = true

  readonly isOnline = (): boolean => this.#isOnline
  readonly isVisible = (): boolean => true

  readonly listen = (listener: (signal: PlatformSignal) => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  set(isOnline: boolean): void {
    this.#isOnline = isOnline
    for (const listener of this.#listeners) listener(isOnline ? 'online' : 'offline')
  }
}
