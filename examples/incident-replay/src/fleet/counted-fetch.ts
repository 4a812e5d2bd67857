import { type Dispatcher, fetch as undiciFetch } from 'undici'
import type { Fetch } from '../worlds/fetch.ts'
import type { Tally } from './tally.ts'

/** The reason of a signal that aborts because the user has lost patience. */
export const outOfPatience: unique symbol = Symbol('the user has lost patience')

/** Gives undici's fetch over the world's connections; it counts how attempts end, and changes nothing. */
export function countedFetch(dispatcher: Dispatcher, tally: Tally, onSent: () => void): Fetch {
  const send = undiciFetch as unknown as Fetch
  return async (input, init) => {
    tally.attempts++
    onSent()
    try {
      const response = await send(input, { ...init, dispatcher } as RequestInit)
      if (response.status === 503) tally.refused++
      else if (response.status === 429) tally.limited++
      return response
    } catch (error) {
      if (!init?.signal?.aborted) tally.broken++
      else if (init.signal.reason !== outOfPatience) tally.timedOut++
      throw error
    }
  }
}
