import { notify } from '@evenkeel/core'
import type { Session, SessionHost, SessionKind } from './session.ts'

/**
 * For a server that must accept a login before anything else: nothing queued is sent on a connection, nor
 * does it count as stable, before `isReady` says so of a message.
 */
export function readyWhen(isReady: (message: { readonly data: unknown }) => boolean): SessionKind {
  return { start: (host) => new Acceptance(host, isReady) }
}

class Acceptance implements Session {
  readonly keeps = false
  readonly #host: SessionHost
  readonly #isReady: (message: { readonly data: unknown }) => boolean
  #isWaiting = true

  constructor(host: SessionHost, isReady: (message: { readonly data: unknown }) => boolean) {
    this.#host = host
    this.#isReady = isReady
  }

  address(url: string): string {
    return url
  }

  opened(): void {
    this.#isWaiting = true
  }

  received(data: unknown): void {
    this.#host.line.heard()
    this.#host.tell('message', { data })
    if (this.#isWaiting) notify((message) => this.#accept(message), { data })
  }

  check(): void {}

  hasRoom(): boolean {
    return true
  }

  outgoing<T>(data: T): T {
    return data
  }

  ended(): void {}

  closed(): void {}

  #accept(message: { readonly data: unknown }): void {
    if (!this.#isReady(message)) return
    this.#isWaiting = false
    this.#host.ready()
  }
}
