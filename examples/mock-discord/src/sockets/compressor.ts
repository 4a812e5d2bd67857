import { constants, createDeflate, createZstdCompress } from 'node:zlib'

/** The compression a client may ask for in the address. */
export type StreamCompression = 'zlib-stream' | 'zstd-stream'

/** Compresses all frames of one connection in one context, flushed after each. */
export class Compressor {
  readonly #stream: ReturnType<typeof createDeflate> | ReturnType<typeof createZstdCompress>
  readonly #flush: number
  #chunks: Buffer[] = []

  constructor(kind: StreamCompression) {
    const isZlib = kind === 'zlib-stream'
    this.#stream = isZlib ? createDeflate() : createZstdCompress()
    this.#flush = isZlib ? constants.Z_SYNC_FLUSH : constants.ZSTD_e_flush
    this.#stream.on('data', (chunk: Buffer) => this.#chunks.push(chunk))
  }

  /** Gives each frame's bytes, in the order of the calls. */
  write(frame: string, done: (bytes: Buffer) => void): void {
    this.#stream.write(frame)
    this.#stream.flush(this.#flush, () => {
      const bytes = Buffer.concat(this.#chunks)
      this.#chunks = []
      done(bytes)
    })
  }

  /** Calls back once all that was written has been given. */
  drain(done: () => void): void {
    this.#stream.flush(this.#flush, () => done())
  }

  close(): void {
    this.#stream.destroy()
  }
}
