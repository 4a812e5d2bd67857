import { unrolled } from './ring.ts'

/**
 * Events that all come the same time after they were entered, as time limits and latencies do: the
 * first in is the first out, and no heap is needed.
 */
export class Lane {
  readonly delayMs: number
  readonly handler: (subject: number, stamp: number) => void
  size = 0
  #head = 0
  #atMs = new Float64Array(256)
  #order = new Float64Array(256)
  #subject = new Int32Array(256)
  #stamp = new Uint32Array(256)

  constructor(delayMs: number, handler: (subject: number, stamp: number) => void) {
    this.delayMs = delayMs
    this.handler = handler
  }

  get nextAtMs(): number {
    return this.size ? (this.#atMs[this.#head] as number) : Infinity
  }

  get nextOrder(): number {
    return this.#order[this.#head] as number
  }

  push(nowMs: number, order: number, subject: number, stamp: number): void {
    if (this.size === this.#atMs.length) this.#grow()
    const at = (this.#head + this.size++) & (this.#atMs.length - 1)
    this.#atMs[at] = nowMs + this.delayMs
    this.#order[at] = order
    this.#subject[at] = subject
    this.#stamp[at] = stamp
  }

  /** Takes the first event and handles it; there must be one. */
  fire(): void {
    const at = this.#head
    this.#head = (at + 1) & (this.#atMs.length - 1)
    this.size--
    this.handler(this.#subject[at] as number, this.#stamp[at] as number)
  }

  #grow(): void {
    const capacity = this.#atMs.length
    this.#atMs = unrolled(this.#atMs, this.#head, new Float64Array(2 * capacity))
    this.#order = unrolled(this.#order, this.#head, new Float64Array(2 * capacity))
    this.#subject = unrolled(this.#subject, this.#head, new Int32Array(2 * capacity))
    this.#stamp = unrolled(this.#stamp, this.#head, new Uint32Array(2 * capacity))
    this.#head = 0
  }
}
