import { EvenkeelError } from '@evenkeel/core'

/** What a load gives back: a value or an error for each key, in their order, or by id. */
export type Loaded<V> = readonly (V | Error)[] | ReadonlyMap<unknown, V | Error>

/**
 * Puts the items of an answer into the form a load may return, by the id that each names. An id that comes
 * twice gets an error: which of the two is right is not to be guessed.
 */
export function resultsById<V>(
  items: Iterable<V>,
  idOf: (item: V) => unknown,
): Map<unknown, V | Error> {
  const results = new Map<unknown, V | Error>()
  for (const item of items) {
    const id = idOf(item)
    const message = 'The answer names this id more than once'
    results.set(id, results.has(id) ? new EvenkeelError('BATCH_RESULT_AMBIGUOUS', message) : item)
  }
  return results
}

/**
 * Reads what a load returned, in the order of `ids`.
 *
 * @throws `BATCH_RESULTS_MALFORMED` for what is neither an array of the right length nor a map; it
 * names nobody's key or value
 */
export function readResults(loaded: unknown, ids: readonly unknown[]): readonly unknown[] {
  if (loaded instanceof Map)
    return ids.map((id) =>
      loaded.has(id)
        ? loaded.get(id)
        : new EvenkeelError('BATCH_RESULT_MISSING', 'The answer has nothing for this key', {
            reached: 'yes',
          }),
    )
  if (Array.isArray(loaded) && loaded.length === ids.length) return loaded
  const got = Array.isArray(loaded) ? `${loaded.length} results` : `a ${typeof loaded}`
  throw new EvenkeelError(
    'BATCH_RESULTS_MALFORMED',
    `A load must return one result for each of its ${ids.length} keys, or a Map; it returned ${got}`,
    { reached: 'yes' },
  )
}
