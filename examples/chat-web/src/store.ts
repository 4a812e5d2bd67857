/** What changes by events alone, and tells who listens. */
export interface Store<State, Event> {
  get(): State
  dispatch(event: Event): void
  /** Calls back after each change, until released. */
  subscribe(listener: () => void): () => void
}

/** Makes a store of a pure reducer. */
export function createStore<State, Event>(
  reduce: (state: State, event: Event) => State,
  initial: State,
): Store<State, Event> {
  let state = initial
  const listeners = new Set<() => void>()
  return {
    get: () => state,
    dispatch(event) {
      const next = reduce(state, event)
      if (next === state) return
      state = next
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
