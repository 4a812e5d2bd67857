import type { WebSocketLike } from '@evenkeel/websocket'

/** A gateway in memory: one session, which survives its connections until it is lost. */
export class FakeGateway {
  readonly connections: FakeConnection[] = []
  /** The ops that clients sent. */
  readonly heard: number[] = []
  readonly Socket: new (
    url: string,
  ) => WebSocketLike
  readonly #replay: string[] = []
  isUp = true
  #sequence = 0
  #hasSession = false

  constructor() {
    const gateway = this
    this.Socket = class extends FakeConnection {
      constructor(url: string) {
        super(url, (frame) => gateway.#answer(this, frame))
        gateway.connections.push(this)
        queueMicrotask(() => (gateway.isUp ? this.accept() : this.cut()))
      }
    }
  }

  get latest(): FakeConnection {
    return this.connections.at(-1) as FakeConnection
  }

  /** Dispatches to the session, connected or not. */
  dispatch(t: string, d: unknown): void {
    const frame = JSON.stringify({ op: 0, s: ++this.#sequence, t, d })
    this.#replay.push(frame)
    if (this.latest.readyState === 1) this.latest.say(frame)
  }

  loseSession(): void {
    this.#hasSession = false
    this.#replay.length = this.#sequence = 0
  }

  #answer(connection: FakeConnection, { op, d }: Frame): void {
    this.heard.push(op)
    if (op === 1) connection.say('{"op":11}')
    if (op === 2) {
      this.#hasSession = true
      this.dispatch('READY', { session_id: 'session', resume_gateway_url: connection.url })
    }
    if (op === 6) this.#resume(connection, d as { seq: number })
  }

  #resume(connection: FakeConnection, { seq }: { seq: number }): void {
    if (this.#hasSession) {
      for (const frame of this.#replay.slice(seq)) connection.say(frame)
      this.dispatch('RESUMED', {})
    } else connection.say('{"op":9,"d":false}')
  }
}

interface Frame {
  readonly op: number
  readonly d: unknown
}

class FakeConnection implements WebSocketLike {
  binaryType = 'arraybuffer'
  bufferedAmount = 0
  extensions = ''
  protocol = ''
  readyState = 0
  readonly url: string
  onopen: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onerror: ((event: object) => void) | null = null
  onclose: ((event: { code: number; reason: string; wasClean: boolean }) => void) | null = null
  readonly #heard: (frame: Frame) => void
  #isFirst = true

  constructor(url: string, heard: (frame: Frame) => void) {
    this.url = url
    this.#heard = heard
  }

  send(data: string): void {
    this.#heard(JSON.parse(data))
  }

  close(code = 1005): void {
    if (this.readyState === 3) return
    this.readyState = 3
    this.onclose?.({ code, reason: '', wasClean: true })
  }

  accept(): void {
    if (this.readyState !== 0) return
    this.readyState = 1
    this.onopen?.()
    this.say('{"op":10,"d":{"heartbeat_interval":40000}}')
  }

  /** Sends a frame as the zlib-stream of the connection has it: a stored block, and an empty one that flushes. */
  say(frame: string): void {
    const bytes = Buffer.from(frame)
    const head = Buffer.from([
      0,
      bytes.length & 0xff,
      bytes.length >> 8,
      ~bytes.length,
      ~(bytes.length >> 8),
    ])
    const start = this.#isFirst ? [0x78, 0x01] : []
    this.#isFirst = false
    const whole = Buffer.concat([
      Buffer.from(start),
      head,
      bytes,
      Buffer.from([0, 0, 0, 0xff, 0xff]),
    ])
    this.onmessage?.({ data: Uint8Array.from(whole).buffer })
  }

  /** The line breaks. */
  cut(): void {
    this.readyState = 3
    this.onerror?.({})
    this.onclose?.({ code: 1006, reason: '', wasClean: false })
  }
}
