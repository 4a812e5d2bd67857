/** Takes back what was arranged; may be called twice. */
export type Release = () => void

type Callback = (reason: unknown) => void

/** What can be waited on for an abort. */
export interface Abortable {
  onAbort(callback: Callback): Release
}

/** The one listener of a signal, and all who wait behind it. */
class Watch extends Set<Callback> {
  readonly signal: AbortSignal

  constructor(signal: AbortSignal) {
    super()
    this.signal = signal
    signal.addEventListener('abort', this)
  }

  handleEvent(): void {
    for (const callback of this) callback(this.signal.reason)
  }
}

let watches: WeakMap<AbortSignal, Watch> | undefined

/**
 * Calls back once when `source` aborts, at once when it has.
 *
 * However many wait on a signal, it has one listener, and none when the last is released: a listener
 * each makes a long-lived signal quadratic, and `AbortSignal.any` leaks on one (nodejs/node#54614).
 */
export function onAbort(source: AbortSignal | Abortable | undefined, callback: Callback): Release {
  if (!source) return () => {}
  if ('onAbort' in source) return source.onAbort(callback)
  if (source.aborted) {
    callback(source.reason)
    return () => {}
  }
  watches ??= new WeakMap()
  const watch = watches.get(source) ?? new Watch(source)
  watches.set(source, watch)
  watch.add(callback)
  return () => {
    if (watch.delete(callback) && watch.size === 0) {
      source.removeEventListener('abort', watch)
      watches?.delete(source)
    }
  }
}
