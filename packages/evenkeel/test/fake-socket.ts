/** A socket without a network, in whose place the test plays the server. */
export function fakeSockets() {
  const opened: FakeSocket[] = []
  class FakeSocket extends EventTarget {
    readyState = 0
    onopen: (() => void) | null = null
    onmessage: ((event: { data: unknown }) => void) | null = null
    onclose: ((event: { code: number }) => void) | null = null
    readonly url: string
    readonly sent: unknown[] = []

    constructor(url: string) {
      super()
      this.url = url
      opened.push(this)
    }

    accept(): void {
      this.readyState = 1
      this.onopen?.()
    }

    send(data: unknown): void {
      this.sent.push(data)
    }

    close(): void {
      this.readyState = 3
      this.onclose?.({ code: 1000 })
    }

    cut(): void {
      this.readyState = 3
      this.onclose?.({ code: 1006 })
    }
  }
  return { opened, WebSocket: FakeSocket as never }
}
