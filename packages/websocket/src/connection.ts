import type { Timer } from '@evenkeel/core'
import type { DialGate, GatedDial } from './dial-gate.ts'
import { type Destroyable, handshakeOf, type Refusal } from './handshake.ts'
import { innerConstructor, type WebSocketConstructor, type WebSocketLike } from './inner-socket.ts'
import type { Cause, Loss, Phase } from './loss.ts'
import type { DialFacts, Provided } from './options.ts'
import type { Session } from './session.ts'
import type { Settings } from './settings.ts'
import { socketUrl } from './socket-url.ts'

/** What one connection tells the machine; `onEnd` comes once, and is the last. */
export interface ConnectionHandlers {
  onOpen(inner: WebSocketLike): void
  onMessage(data: unknown): void
  /** A ping or pong frame came in. */
  onFrame(): void
  onEnd(loss: Loss): void
}

/** The parts of a dial, in the order in which they are asked for. */
type Parts = [
  url: string | URL,
  protocols: string | readonly string[],
  headers: Readonly<Record<string, string>> | undefined,
  Inner: WebSocketConstructor,
]

const nothing = (): void => {}

/**
 * One attempt at a connection, from the providers to its end.
 *
 * It keeps a phase of its own, and lets go of the socket underneath before closing it: sockets call
 * back inside `close()`, stay in CLOSING for ever, or report a lost line as a clean close.
 */
export class Connection {
  phase: Phase = 'connecting'
  inner: WebSocketLike | undefined
  /** How it ended, if it has. */
  loss: Loss | undefined
  readonly #settings: Settings
  readonly #handlers: ConnectionHandlers
  readonly #session: Session | undefined
  readonly #gated: GatedDial | undefined
  #controller: AbortController | undefined
  #timer: Timer | undefined
  #error: unknown

  constructor(
    settings: Settings,
    handlers: ConnectionHandlers,
    session: Session | undefined,
    gate: DialGate | undefined,
  ) {
    this.#settings = settings
    this.#gated = gate?.dial(this)
    this.#session = session
    this.#handlers = handlers
  }

  /** Begins; where neither a gate nor a provider makes it wait, the socket underneath exists on return. */
  dial(facts: Omit<DialFacts, 'signal'>, binaryType: string): void {
    const dial = (): void => this.#dial(facts, binaryType)
    if (this.#gated) this.#gated.begin(dial)
    else dial()
  }

  #dial(facts: Omit<DialFacts, 'signal'>, binaryType: string): void {
    const { url, protocols, headers, connectTimeoutMs, WebSocket } = this.#settings
    this.#arm(connectTimeoutMs)
    const ask = <T>(provided: Provided<T>): T | PromiseLike<T> => {
      if (typeof provided !== 'function') return provided
      this.#controller ??= new AbortController()
      const { signal } = this.#controller
      return (provided as (dial: DialFacts) => T)({ ...facts, signal })
    }
    const open = (parts: unknown[]): void => {
      try {
        if (!this.loss) this.#open(parts as Parts, binaryType, facts.attempt)
      } catch (error) {
        this.end('provider', { error })
      }
    }
    try {
      const parts = [ask(url), ask(protocols), ask(headers), innerConstructor(WebSocket, !!headers)]
      if (parts.some((part) => typeof (part as PromiseLike<unknown>)?.then === 'function'))
        Promise.all(parts).then(open, (error) => this.end('provider', { error }))
      else open(parts)
    } catch (error) {
      this.end('provider', { error })
    }
  }

  #open([given, protocols, headers, Inner]: Parts, binaryType: string, attempt: number): void {
    const own = socketUrl(given)
    const url = this.#session?.address(own, attempt) ?? own
    const list = typeof protocols === 'string' ? [protocols] : [...protocols]
    const inner = headers ? new Inner(url, list, { headers } as never) : new Inner(url, list)
    this.inner = inner
    inner.binaryType = binaryType
    inner.onopen = () => {
      this.#timer?.cancel()
      // Nothing is held for an open connection that was for its dial.
      this.#timer = undefined
      inner.onopen = null
      this.phase = 'open'
      this.#gated?.opened()
      this.#handlers.onOpen(inner)
    }
    inner.onmessage = ({ data }: { data: unknown }) => this.#handlers.onMessage(data)
    inner.onerror = ({ error }: { error?: unknown }) => {
      this.#error = error
    }
    inner.onclose = (event: { code: number; reason?: string; wasClean?: boolean }) =>
      this.#closed(event)
    const { clock, heartbeat } = this.#settings
    if (heartbeat || this.#session) {
      const onFrame = (): void => this.#handlers.onFrame()
      inner.on?.('ping', onFrame)
      inner.on?.('pong', onFrame)
    }
    // With a listener in place, ws leaves the request to it.
    inner.on?.('unexpected-response', (request: Destroyable, response: Refusal) => {
      request.destroy()
      this.end('handshake', handshakeOf(response, clock.wallNow()))
    })
  }

  /** What the socket says of its own end. Deno says 0 where others say 1006. */
  #closed({ code, reason = '', wasClean = false }: Partial<Loss> & { code: number }): void {
    const hasFrame = code !== 1006 && code !== 1015 && code !== 0
    const cause = !hasFrame ? 'network' : this.phase === 'closing' ? 'user' : 'server'
    this.end(cause, { code: code || 1006, reason, wasClean: wasClean && hasFrame })
  }

  /** Says goodbye, and waits for the peer's answer no longer than `closeTimeoutMs`. */
  close(code?: number, reason?: string): void {
    this.phase = 'closing'
    this.#arm(this.#settings.closeTimeoutMs)
    try {
      // A Close frame has no reason without a code.
      const said = code === undefined ? [] : reason === undefined ? [code] : [code, reason]
      this.inner?.close(...(said as []))
    } catch (error) {
      this.end('user', { error })
    }
  }

  /** Ends it here and now, whatever the socket underneath does about that. */
  end(cause: Cause, known: Partial<Loss> = {}): void {
    if (this.loss) return
    this.#timer?.cancel()
    const { inner, phase } = this
    const { signals } = this.#settings
    const isCut = cause === 'network'
    this.loss = {
      code: 1006,
      reason: '',
      wasClean: false,
      error: this.#error,
      ...known,
      phase,
      cause:
        isCut && !signals.isOnline() ? 'offline' : isCut && !signals.isVisible() ? 'hidden' : cause,
    }
    this.#controller?.abort()
    if (inner) release(inner, this.#session?.abandonCode)
    this.#gated?.ended(this.loss)
    this.#handlers.onEnd(this.loss)
  }

  #arm(delayMs: number): void {
    const { clock } = this.#settings
    this.#timer?.cancel()
    this.#timer = clock.scheduleAt(clock.now() + delayMs, () => this.end('timeout'))
  }
}

/** Lets go of a socket: it may call nobody, and is closed if it is not. */
function release(inner: WebSocketLike, code: number | undefined): void {
  inner.onopen = inner.onmessage = inner.onclose = null
  // ws throws what no listener takes.
  inner.onerror = nothing
  try {
    if (inner.readyState !== 3) inner.terminate ? inner.terminate() : inner.close(code)
  } catch {}
}
