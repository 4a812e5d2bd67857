import { useEffect, useState } from 'preact/hooks'
import type { Store } from '../store.ts'

/** Gives what `select` takes of a store, and renders anew when that changes. */
export function useStore<State, Event, Part>(
  store: Store<State, Event>,
  select: (state: State) => Part,
): Part {
  const [, renderAgain] = useState({})
  const part = select(store.get())
  useEffect(() => {
    let last = part
    const check = (): void => {
      const next = select(store.get())
      if (Object.is(next, last)) return
      last = next
      renderAgain({})
    }
    // It may have changed between this rendering and now.
    check()
    return store.subscribe(check)
  })
  return part
}
