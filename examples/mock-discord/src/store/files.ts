/** An upload as it is served back. */
export interface StoredFile {
  readonly contentType: string
  readonly bytes: Uint8Array
}

/** Uploaded bytes by path; when they are more than `maxBytes` in all, the oldest go. */
export class Files {
  readonly #files = new Map<string, StoredFile>()
  readonly #maxBytes: number
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  get size(): number {
    return this.#files.size
  }

  get(path: string): StoredFile | undefined {
    return this.#files.get(path)
  }

  add(path: string, file: StoredFile): void {
    this.#files.set(path, file)
    this.#bytes += file.bytes.byteLength
    for (const old of this.#files.keys()) {
      if (this.#bytes <= this.#maxBytes || old === path) break
      this.delete(old)
    }
  }

  delete(path: string): void {
    this.#bytes -= this.#files.get(path)?.bytes.byteLength ?? 0
    this.#files.delete(path)
  }
}
