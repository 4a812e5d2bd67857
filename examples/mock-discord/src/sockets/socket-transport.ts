import { deflateSync } from 'node:zlib'
import type { WebSocket } from 'ws'
import type { Scheduled, Scheduler } from '../backend/scheduler.ts'
import { Compressor, type StreamCompression } from './compressor.ts'
import type { Transport } from './connection.ts'

/** A client that reads nothing is cut off when so much waits for it. */
const maxBufferedBytes = 16 * 2 ** 20
/** Smaller frames are not worth a compression of their own. */
const minCompressedBytes = 1_024

/** A WebSocket that an operator may slow down or freeze. */
export class SocketTransport implements Transport {
  /** Added to every frame and to the close, in ms. */
  delayMs = 0
  readonly #socket: WebSocket
  readonly #scheduler: Scheduler
  readonly #commonDelayMs: () => number
  readonly #compressor: Compressor | undefined
  readonly #delayed = new Set<Scheduled>()
  #lastAtMs = Number.NEGATIVE_INFINITY
  #compressesPayloads = false
  #frozen = false

  constructor(
    socket: WebSocket,
    scheduler: Scheduler,
    compression: StreamCompression | undefined,
    commonDelayMs: () => number,
  ) {
    this.#socket = socket
    this.#scheduler = scheduler
    this.#commonDelayMs = commonDelayMs
    this.#compressor = compression && new Compressor(compression)
    socket.once('close', () => {
      this.#compressor?.close()
      for (const each of this.#delayed) each.cancel()
    })
  }

  compressPayloads(): void {
    this.#compressesPayloads = this.#compressor === undefined
  }

  send(frame: string): void {
    this.#later(() => {
      if (this.#compressor) this.#compressor.write(frame, (bytes) => this.#write(bytes))
      else if (this.#compressesPayloads && frame.length > minCompressedBytes) {
        this.#write(deflateSync(frame))
      } else this.#write(frame)
    })
  }

  close(code: number, reason: string): void {
    const close = () => {
      if (this.#frozen) this.#socket.terminate()
      else this.#socket.close(code, reason)
    }
    this.#later(() => (this.#compressor ? this.#compressor.drain(close) : close()))
  }

  terminate(): void {
    this.#socket.terminate()
  }

  /** Reads and writes nothing any more, and leaves the connection open. */
  freeze(): void {
    this.#frozen = true
    this.#socket.pause()
  }

  #write(data: string | Buffer): void {
    if (this.#frozen || this.#socket.readyState !== this.#socket.OPEN) return
    this.#socket.send(data)
    if (this.#socket.bufferedAmount > maxBufferedBytes) this.#socket.terminate()
  }

  // Later frames never overtake earlier ones, also when the delay gets shorter.
  #later(act: () => void): void {
    const nowMs = this.#scheduler.now()
    const atMs = Math.max(nowMs + this.#commonDelayMs() + this.delayMs, this.#lastAtMs)
    if (atMs <= nowMs && this.#delayed.size === 0) {
      act()
      return
    }
    this.#lastAtMs = atMs
    const event = this.#scheduler.schedule(() => {
      this.#delayed.delete(event)
      act()
    }, atMs - nowMs)
    this.#delayed.add(event)
  }
}
