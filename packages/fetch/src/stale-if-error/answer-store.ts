import type { Arrival } from './freshness.ts'

/** An answer as it is kept. */
export interface KeptAnswer {
  /** Without its fragment: what an unsafe request to it makes worthless. */
  readonly url: string
  readonly response: Pick<
    Response,
    'status' | 'statusText' | 'headers' | 'url' | 'redirected' | 'type'
  >
  readonly body: Blob
  /** How old it was when it came. */
  readonly ageMs: number
  readonly lifetimeMs: number
  /** How long after that it may be used in place of an error. */
  readonly graceMs: number
  readonly arrival: Arrival
}

/** What of headers counts besides the body. */
function sizeOf(id: string, { response, body }: KeptAnswer): number {
  let size = id.length + body.size
  for (const [name, value] of response.headers) size += name.length + value.length
  return size
}

/** Answers by id, bounded in number and bytes; the one that was not used for longest goes first. */
export class AnswerStore {
  readonly #maxEntries: number
  readonly #maxBytes: number
  readonly #answers = new Map<string, KeptAnswer>()
  #bytes = 0

  constructor(maxEntries: number, maxBytes: number) {
    this.#maxEntries = maxEntries
    this.#maxBytes = maxBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  get size(): number {
    return this.#answers.size
  }

  /** Looks one up, which is a use. */
  get(id: string): KeptAnswer | undefined {
    const answer = this.#answers.get(id)
    if (answer) {
      this.#answers.delete(id)
      this.#answers.set(id, answer)
    }
    return answer
  }

  /** Keeps one, unless that of a later request is there. */
  put(id: string, answer: KeptAnswer): void {
    const before = this.#answers.get(id)
    if (before && before.arrival.askedAtMs > answer.arrival.askedAtMs) return
    this.delete(id)
    this.#answers.set(id, answer)
    this.#bytes += sizeOf(id, answer)
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= this.#maxEntries && this.#bytes <= this.#maxBytes) break
      this.delete(oldest)
    }
  }

  delete(id: string): void {
    const answer = this.#answers.get(id)
    if (!answer) return
    this.#answers.delete(id)
    this.#bytes -= sizeOf(id, answer)
  }

  /** Drops all that was answered for a URL. */
  deleteUrl(url: string): void {
    for (const [id, answer] of this.#answers) if (answer.url === url) this.delete(id)
  }

  clear(): void {
    this.#answers.clear()
    this.#bytes = 0
  }
}
