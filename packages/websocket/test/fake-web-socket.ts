import type { WebSocketLike } from '../src/index.ts'

/** A socket without a network: the test plays the server. */
export class FakeWebSocket implements WebSocketLike {
  binaryType = 'blob'
  bufferedAmount = 0
  extensions = ''
  protocol = ''
  readyState = 0
  readonly url: string
  readonly protocols: string | string[] | undefined
  onopen: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onerror: ((event: { error?: unknown }) => void) | null = null
  onclose: ((event: { code: number; reason?: string; wasClean?: boolean }) => void) | null = null
  readonly sent: unknown[] = []
  /** What `close` was called with, each time. */
  readonly closed: unknown[][] = []

  constructor(url: string, protocols?: string | string[]) {
    this.url = url
    this.protocols = protocols
  }

  send(data: unknown): void {
    if (this.readyState !== 1) throw new Error('not open')
    this.sent.push(data)
  }

  close(...said: unknown[]): void {
    this.closed.push(said)
    this.readyState = 2
  }

  /** The server accepts. */
  accept(): void {
    this.readyState = 1
    this.onopen?.()
  }

  say(data: unknown): void {
    this.onmessage?.({ data })
  }

  /** The server closes with a frame, or answers one. */
  end(code: number, reason = ''): void {
    this.readyState = 3
    this.onclose?.({ code, reason, wasClean: true })
  }

  /** The line breaks. */
  cut(error: unknown = new Error('reset')): void {
    this.readyState = 3
    this.onerror?.({ error })
    this.onclose?.({ code: 1006, reason: '', wasClean: false })
  }
}
