import { type Clock, checkNumber, systemClock } from '@evenkeel/core'
import { type Destroyable, type Handshake, handshakeOf, type Refusal } from './handshake.ts'
import type { WebSocketConstructor } from './inner-socket.ts'
import type { DialBudget } from './shared-dials.ts'

/** What {@link probedWebSocket} can be told. */
export interface ProbeOptions {
  /** How long an answer may take. @defaultValue 3000 */
  readonly timeoutMs?: number | undefined
  /**
   * The least time between two probes of all sockets of the class.
   * @defaultValue 60_000: a server that is down for all clients gets a probe a minute of each, not one a dial
   */
  readonly intervalMs?: number | undefined
  /** Pays for each probe as for a dial; give that of the socket. @defaultValue none */
  readonly budget?: DialBudget | undefined
  /** @defaultValue the platform's */
  readonly fetch?: typeof fetch | undefined
  /** The socket underneath. @defaultValue the platform's */
  readonly WebSocket?: typeof WebSocket | undefined
  /** @defaultValue `systemClock` */
  readonly clock?: Clock | undefined
}

/** Statuses that mean the same of a probe as of a handshake; a healthy WebSocket endpoint may answer a GET with any other. */
const telling = [401, 403, 429, 503]

/**
 * Makes a class that is the platform's `WebSocket`, and asks `url` by a GET why a dial failed: for the option
 * `WebSocket` in browsers, which hide the answer to a handshake (whatwg/websockets#21). Answers of 401, 403,
 * 429 and 503 then count as the handshake's, `Retry-After` included; across origins the server must name
 * that in `Access-Control-Expose-Headers`. Cookies go along, as with the handshake.
 *
 * A probe runs only after a failed dial, within its connect timeout, at most once per `intervalMs`, and
 * if the budget pays.
 *
 * @throws `RangeError` for a bad option, `TypeError` where there is no `WebSocket`
 */
export function probedWebSocket(
  url: string | URL,
  {
    timeoutMs = 3000,
    intervalMs = 60_000,
    budget,
    fetch: ask = (...given) => globalThis.fetch(...given),
    WebSocket: Platform = globalThis.WebSocket,
    clock = systemClock,
  }: ProbeOptions = {},
): WebSocketConstructor {
  checkNumber('probedWebSocket', 'timeoutMs', timeoutMs, 1)
  checkNumber('probedWebSocket', 'intervalMs', intervalMs, 0)
  if (!Platform) throw new TypeError('probedWebSocket: there is no WebSocket here')
  const { origin } = new URL(url, globalThis.location?.href)
  let nextAtMs = -Infinity

  const mayProbe = (): boolean => {
    const nowMs = clock.now()
    if (nowMs < nextAtMs || !(budget?.tryTake(origin, 'no') ?? true)) return false
    nextAtMs = nowMs + intervalMs
    return true
  }

  /** Gives the answer, if it says something. */
  async function probe(signal: AbortSignal): Promise<Response | undefined> {
    try {
      const init = { credentials: 'include', cache: 'no-store', redirect: 'manual' } as const
      const response = await ask(url, { ...init, signal })
      // What an unread body holds is a connection.
      response.body?.cancel().catch(() => {})
      return telling.includes(response.status) ? response : undefined
    } catch {
      return undefined
    }
  }

  return class extends Platform {
    #isDialing = true
    #refused: ((answer: Refusal) => void) | undefined
    #onclose: WebSocket['onclose'] = null
    #controller: AbortController | undefined

    constructor(socketUrl: string, protocols?: string | string[]) {
      super(socketUrl, protocols)
      this.addEventListener('open', () => {
        this.#isDialing = false
      })
      this.addEventListener('close', (event) => this.#closed(event))
    }

    override get onclose(): WebSocket['onclose'] {
      return this.#onclose
    }

    /** `null` also ends a probe: nobody waits for it. */
    override set onclose(handler: WebSocket['onclose']) {
      this.#onclose = handler
      if (!handler) this.#controller?.abort()
    }

    on(event: 'refused', listener: (refused: Handshake) => void): void
    on(event: string, listener: (request: Destroyable, response: Refusal) => void): void
    /** `refused` by itself, or as `ws` tells it, whose other events are not told. */
    on(event: string, listener: (...facts: never[]) => void): void {
      const tell = listener as (...facts: unknown[]) => void
      if (event === 'refused')
        this.#refused = (answer) => tell(handshakeOf(answer, clock.wallNow()))
      else if (event === 'unexpected-response')
        this.#refused = (answer) => tell({ destroy() {} }, answer)
    }

    #closed(event: CloseEvent): void {
      if (!(this.#isDialing && this.#onclose && this.#refused && mayProbe())) {
        this.#onclose?.call(this, event)
        return
      }
      const controller = new AbortController()
      this.#controller = controller
      const timer = clock.scheduleAt(clock.now() + timeoutMs, () => controller.abort())
      probe(controller.signal).then((response) => {
        timer.cancel()
        if (!this.#onclose) return
        if (response && this.#refused) {
          const { status: statusCode } = response
          const headers: Record<string, string> = Object.fromEntries(response.headers)
          this.#refused({ statusCode, headers })
        } else this.#onclose.call(this, event)
      })
    }
  } as unknown as WebSocketConstructor
}
