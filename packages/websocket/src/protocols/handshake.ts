import type { Timer } from '@evenkeel/core'
import type { SessionHost, SessionLine } from '../session.ts'
import type { SessionProtocol } from './protocol.ts'
import { sendOn } from './send-on.ts'

/** Begins a session when it may, and gives up a server that does not answer in time. */
export class Handshake {
  readonly #protocol: SessionProtocol
  readonly #timeoutMs: number
  readonly #host: SessionHost
  readonly #line: SessionLine
  readonly #giveUp: (reason: string) => void
  #timer: Timer | undefined
  #admission: AbortController | undefined

  constructor(
    protocol: SessionProtocol,
    timeoutMs: number,
    host: SessionHost,
    line: SessionLine,
    giveUp: (reason: string) => void,
  ) {
    this.#protocol = protocol
    this.#timeoutMs = timeoutMs
    this.#host = host
    this.#line = line
    this.#giveUp = giveUp
  }

  /** Waits for the server's next word. */
  expect(otherwise: string): void {
    const { clock } = this.#host.settings
    this.#timer?.cancel()
    this.#timer = clock.scheduleAt(clock.now() + this.#timeoutMs, () => this.#giveUp(otherwise))
  }

  identify(): void {
    this.stop()
    if (this.#protocol.admit) this.#admit()
    else this.#begin()
  }

  stop(): void {
    this.#timer?.cancel()
    this.#admission?.abort()
    this.#admission = undefined
  }

  #begin(): void {
    sendOn(this.#line, this.#protocol.identify())
    this.expect('no answer to identify')
  }

  #admit(): void {
    this.#admission = new AbortController()
    const { signal } = this.#admission
    const isOver = (): boolean => signal.aborted
    this.#protocol.admit?.(signal).then(
      (admission) => {
        if (isOver()) return
        if (admission.isAdmitted) this.#begin()
        else {
          this.#host.comeback.advise({ retryAfterMs: admission.retryAfterMs })
          this.#giveUp('no session may begin now')
        }
      },
      (error) => {
        if (!isOver()) this.#giveUp(`no session may begin: ${String(error)}`)
      },
    )
  }
}
