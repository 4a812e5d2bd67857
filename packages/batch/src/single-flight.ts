import { Flights } from './flights.ts'

/** What the one call of many callers is told. */
export interface SharedCall {
  /** Aborts when none of them waits any more. */
  readonly signal: AbortSignal
}

/** What {@link singleFlight} can be told. */
export interface SingleFlightOptions<K> {
  /**
   * What makes two keys the same call. Whoever the answer is for belongs in it: what one user is
   * shown must not reach another.
   * @defaultValue the key itself
   */
  readonly idOf?: ((key: K) => unknown) | undefined
}

/** A function of which identical calls in flight are one. */
export interface SingleFlight<K, V> {
  (key: K, options?: { readonly signal?: AbortSignal | undefined }): Promise<V>
  /** How many calls are under way. */
  readonly size: number
}

/**
 * Makes identical calls that are under way at the same time one; each caller may leave by its own
 * signal, and the call is aborted when all have. Nothing is remembered once it has ended.
 *
 * All callers get the same value: one that is read up, such as a `Response`, needs `singleFlightFetch`.
 */
export function singleFlight<K, V>(
  load: (key: K, call: SharedCall) => V | PromiseLike<V>,
  { idOf = (key) => key }: SingleFlightOptions<K> = {},
): SingleFlight<K, V> {
  const flights = new Flights<V>((value, signals) => signals.map(() => value))
  const shared = (key: K, { signal }: { readonly signal?: AbortSignal | undefined } = {}) =>
    flights.join(idOf(key), async (joint) => load(key, { signal: joint }), signal)
  return Object.defineProperty(shared, 'size', { get: () => flights.size }) as SingleFlight<K, V>
}
