import { createFetch, type FetchEvent } from '@evenkeel/fetch'
import type { AppCall, World } from './world.ts'

/** Tells a call of the attempts made for it. */
function count(event: FetchEvent): void {
  if (event.type === 'attemptStarted') (event.call.tag as AppCall).onAttempt(event.attempt)
}

/** `createFetch` with its defaults; what it is given here only scales time and counts. */
export const evenkeel: World = {
  name: 'evenkeel',
  title: 'evenkeel',
  description: 'createFetch() of @evenkeel/fetch, its defaults',
  createApp({ fetch, clock }) {
    const resilientFetch = createFetch({ fetch, clock, attemptHeader: 'x-attempt', onEvent: count })
    return (call) =>
      resilientFetch(call.url, {
        ...call.init,
        signal: call.patience,
        evenkeel: { tag: call },
      })
  },
}
