import type { Timer } from '@evenkeel/core'
import { hearMore } from '#platform'
import type { Carrier } from './carrier.ts'
import type { DialledConnection, GatedDial } from './dial-gate.ts'
import { type Parts, partsOf } from './dial-parts.ts'
import type { Heartbeat, Liveness } from './heartbeat.ts'
import { release, type WebSocketLike } from './inner-socket.ts'
import type { LineHost, LineOwner } from './line-host.ts'
import { type Cause, type Loss, nowhere, type Phase } from './loss.ts'
import type { DialFacts } from './options.ts'
import type { SocketData } from './outbound-queue.ts'
import type { SessionLine, Talk } from './session.ts'
import { socketUrl } from './socket-url.ts'

/**
 * One connection, from its dial to its end, with what runs on it: beats, and the talk of the session.
 *
 * It keeps a phase of its own, and lets go of the socket underneath before closing it: sockets call
 * back inside `close()`, stay in CLOSING for ever, or report a lost line as a clean close.
 */
export class Line implements SessionLine, Carrier, DialledConnection {
  phase: Phase = 'connecting'
  /** The socket underneath, once there is one. */
  inner!: WebSocketLike
  loss: Loss | undefined
  owner: LineOwner
  /** When its session was accepted. */
  readyAtMs = Infinity
  held: SocketData[] | undefined
  drain: Timer | undefined
  /** What the socket underneath said of its end. */
  error: unknown
  readonly #host: LineHost
  #gated: GatedDial | undefined
  #controller: AbortController | undefined
  #timer: Timer | undefined
  #talk: Talk | undefined
  #liveness: Liveness | undefined

  constructor(host: LineHost, owner: LineOwner) {
    this.#host = host
    this.owner = owner
  }

  get rttMs(): number | undefined {
    return this.#liveness?.rttMs ?? this.#host.lastRttMs
  }

  /** Begins, once the gate lets it. */
  dial(facts: Omit<DialFacts, 'signal'>): void {
    const { gate, settings } = this.#host
    const dial = async (): Promise<void> => {
      this.#controller = new AbortController()
      const { signal } = this.#controller
      this.#arm(settings.connectTimeoutMs)
      try {
        const parts = await Promise.all(partsOf(settings, { ...facts, signal }))
        if (!this.loss) this.#open(parts as Parts, facts.attempt)
      } catch (error) {
        this.end('provider', { error })
      }
    }
    this.#gated = gate?.dial(this)
    if (this.#gated) this.#gated.begin(dial)
    else dial()
  }

  #open([given, protocols, headers, Inner]: Parts, attempt: number): void {
    const { session, settings, tell } = this.#host
    const own = socketUrl(given)
    const inner = new Inner(
      session?.address(own, attempt) ?? own,
      [protocols].flat() as string[],
      ...(headers ? [{ headers } as never] : []),
    )
    this.inner = inner
    inner.onopen = () => this.#opened()
    inner.onmessage = ({ data }: { data: unknown }) => {
      if (this.#talk) this.#talk.received(data)
      else {
        this.heard()
        tell('message', { data })
      }
    }
    // What the socket says of its own end. Deno says 0 where others say 1006.
    inner.onclose = ({ code, reason = '', wasClean = false }: { code: number } & Partial<Loss>) => {
      const hasFrame = ![0, 1006, 1015].includes(code)
      const cause = !hasFrame ? 'network' : this.phase === 'closing' ? 'user' : 'server'
      this.end(cause, { code: code || 1006, reason, wasClean: wasClean && hasFrame })
    }
    hearMore(inner, this, settings)
  }

  #opened(): void {
    const { inner } = this
    const { settings, session, binaryType } = this.#host
    this.#timer?.cancel()
    // Nothing is held for an open connection that was for its dial.
    this.#timer = this.#controller = undefined
    inner.onopen = null
    this.phase = 'open'
    this.#gated?.opened()
    inner.binaryType = session?.binaryType ?? binaryType
    this.#host.adopt(inner)
    if (settings.heartbeat) this.beat(settings.heartbeat)
    this.owner.opened(this)
  }

  /** Begins to talk; without a session there is nothing to wait for. */
  begin(): void {
    if (this.phase !== 'open' || this.loss) return
    this.#talk = this.#host.session?.opened(this)
    if (!this.#talk) this.ready()
  }

  /** Says goodbye, and waits for the peer's answer no longer than `closeTimeoutMs`. */
  close(code?: number, reason?: string): void {
    this.phase = 'closing'
    this.#arm(this.#host.settings.closeTimeoutMs)
    try {
      // A Close frame has no reason without a code.
      const said = code === undefined ? [] : reason === undefined ? [code] : [code, reason]
      this.inner.close(...(said as []))
    } catch (error) {
      this.end('user', { error })
    }
  }

  /** Ends it here and now, whatever the socket underneath does about that. */
  end(cause: Cause, known: Partial<Loss> = {}): void {
    if (this.loss) return
    this.#timer?.cancel()
    const { settings, session } = this.#host
    const { signals } = settings
    const why = !signals.isOnline() ? 'offline' : signals.isVisible() ? cause : 'hidden'
    const loss: Loss = {
      ...nowhere,
      error: this.error,
      ...known,
      phase: this.phase,
      cause: cause === 'network' ? why : cause,
    }
    this.loss = loss
    this.#controller?.abort()
    if (this.inner) release(this.inner, session?.abandonCode)
    this.#gated?.ended(loss)
    this.owner.ended(this, loss)
  }

  /** Stops what runs on it; tells of what it may have lost. */
  cut(loss: Loss): void {
    const isKnownSent = loss.wasClean && loss.phase === 'closing'
    this.quieten()
    this.#host.delivery.lost(this, isKnownSent)
    this.#talk?.ended(loss, isKnownSent)
  }

  beat(heartbeat: Heartbeat): void {
    const { rttMs } = this
    this.#liveness?.stop()
    this.#liveness = heartbeat.start(this.#host.settings, this.inner, rttMs, (hasSlept) => {
      this.quieten()
      if (hasSlept) this.#host.hear('woke')
      this.end('heartbeat')
    })
  }

  /** Beats no more. */
  quieten(): void {
    this.#host.lastRttMs = this.rttMs
    this.#liveness?.stop()
    this.#liveness = undefined
  }

  heard(): void {
    this.#liveness?.heard()
  }

  wake(): void {
    this.#liveness?.wake()
  }

  ready(): void {
    this.owner.ready(this)
  }

  #arm(delayMs: number): void {
    const { clock } = this.#host.settings
    this.#timer?.cancel()
    this.#timer = clock.scheduleAt(clock.now() + delayMs, () => this.end('timeout'))
  }
}
