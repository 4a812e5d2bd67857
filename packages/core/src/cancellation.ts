import { type Abortable, onAbort, type Release } from './signal.ts'

/**
 * A signal of one's own below another's: aborts with its parent, or by itself, until it is released.
 * The `AbortSignal` is made when somebody first reads it: most calls end before anyone does.
 */
export class Cancellation implements Abortable {
  #parent: Abortable | AbortSignal | undefined
  #controller: AbortController | undefined
  #callbacks: Set<(reason: unknown) => void> | undefined
  #unlink: Release | undefined
  #ended: { readonly reason: unknown } | undefined

  constructor(parent?: Abortable | AbortSignal) {
    this.#parent = parent
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      const controller = new AbortController()
      this.#controller = controller
      this.onAbort((reason) => controller.abort(reason))
    }
    return this.#controller.signal
  }

  /** Calls back once on abort, at once when that has been; makes no signal for it. */
  onAbort(callback: (reason: unknown) => void): Release {
    if (this.#ended) callback(this.#ended.reason)
    else {
      this.#callbacks ??= new Set()
      this.#callbacks.add(callback)
      this.#unlink ??= onAbort(this.#parent, (reason) => this.abort(reason))
    }
    return () => {
      if (this.#callbacks?.delete(callback) && !this.#callbacks.size) {
        this.#unlink?.()
        this.#unlink = undefined
      }
    }
  }

  /** Aborts whatever follows this, unless it was released. */
  abort(reason: unknown): void {
    this.#ended ??= { reason }
    const callbacks = this.#callbacks
    this.release()
    for (const callback of callbacks ?? []) callback(reason)
  }

  /** Lets go of the parent and of all that follows; a signal already made stays as it is. */
  release(): void {
    this.#unlink?.()
    this.#unlink = this.#callbacks = this.#parent = undefined
  }
}
