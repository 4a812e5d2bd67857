import { notify } from './events.ts'

/** Takes back what was arranged; may be called twice. */
export type Release = () => void

type Callback = (reason: unknown) => void

/** What can be waited on for an abort. */
export interface Abortable {
  /** Calls back once on abort, at once when that has been. */
  onAbort(callback: (reason: unknown) => void): Release
}

/**
 * A signal of one's own below another's: aborts with its parent, or by itself, until it is released.
 * The `AbortSignal` is made when somebody first reads it: most calls end before anyone does.
 */
export class Cancellation implements Abortable {
  #parent: Abortable | AbortSignal | undefined
  #owner: Callback | undefined
  // Nearly always there is one follower, and a set would cost more than the rest of this.
  #follower: Callback | undefined
  #others: Set<Callback> | undefined
  #unlink: Release | undefined
  #controller: AbortController | undefined
  #ended: { readonly reason: unknown } | undefined

  /** `owner` is the first to hear of an abort, and follows the parent until it calls `release`. */
  constructor(parent?: Abortable | AbortSignal, owner?: (reason: unknown) => void) {
    this.#parent = parent
    this.#owner = owner
    if (owner) this.#link()
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.#ended) this.#controller.abort(this.#ended.reason)
      else this.#link()
    }
    return this.#controller.signal
  }

  /** Calls back once on abort, at once when that has been; makes no signal for it. */
  onAbort(callback: (reason: unknown) => void): Release {
    if (this.#ended) callback(this.#ended.reason)
    else {
      if (this.#follower) {
        this.#others ??= new Set()
        this.#others.add(callback)
      } else this.#follower = callback
      this.#link()
    }
    return () => {
      if (this.#follower === callback) this.#follower = undefined
      else this.#others?.delete(callback)
      if (!(this.#owner || this.#follower || this.#others?.size || this.#controller)) this.#cut()
    }
  }

  /** Aborts the signal, and whatever follows this unless it was released. */
  abort(reason: unknown): void {
    this.#ended ??= { reason }
    const told = [this.#owner, this.#follower, ...(this.#others ?? [])]
    this.release()
    for (const callback of told) notify(callback, reason)
    this.#controller?.abort(reason)
  }

  /** Lets go of the parent and of all that follows; a signal already made stays as it is, until {@link abort}. */
  release(): void {
    this.#cut()
    this.#owner = this.#follower = this.#others = this.#parent = undefined
  }

  #link(): void {
    if (this.#parent) this.#unlink ??= onAbort(this.#parent, (reason) => this.abort(reason))
  }

  #cut(): void {
    this.#unlink?.()
    this.#unlink = undefined
  }
}

let shared: WeakMap<AbortSignal, Cancellation> | undefined

/**
 * Calls back once when `source` aborts, at once when it has.
 *
 * However many wait on a signal, it has one listener, and none when the last is released: a listener
 * each makes a long-lived signal quadratic, and `AbortSignal.any` leaks on one (nodejs/node#54614).
 */
export function onAbort(
  source: AbortSignal | Abortable | undefined,
  callback: (reason: unknown) => void,
): Release {
  if (!source) return () => {}
  if ('onAbort' in source) return source.onAbort(callback)
  shared ??= new WeakMap()
  let cancellation = shared.get(source)
  if (!cancellation) {
    cancellation = new Cancellation(listener(source))
    shared.set(source, cancellation)
  }
  return cancellation.onAbort(callback)
}

/** Why a signal aborted; those of React Native do not say. */
export function reasonOf({ reason }: { readonly reason?: unknown }): unknown {
  return reason === undefined ? Object.assign(new Error('Aborted'), { name: 'AbortError' }) : reason
}

const listener = (signal: AbortSignal): Abortable => ({
  onAbort(callback) {
    const listen = (): void => callback(reasonOf(signal))
    if (signal.aborted) listen()
    else signal.addEventListener('abort', listen)
    return () => signal.removeEventListener('abort', listen)
  },
})
