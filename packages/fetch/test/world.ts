import type { EvenkeelError } from '@evenkeel/core'
import { type ManualClock, manualClock, seededRandom } from '@evenkeel/core/testing'
import {
  createFetch,
  type FetchEvent,
  type FetchOptions,
  type ResilientFetch,
} from '../src/index.ts'

/** What the stand-in for fetch does with one request: a status, an answer, an error, or nothing ever. */
export type Reply = number | Response | Error | 'never' | ((init: RequestInit) => Response)

export interface World {
  readonly clock: ManualClock
  readonly fetch: ResilientFetch
  readonly events: FetchEvent[]
  /** The requests that went out: their init, and when. */
  readonly sent: { readonly input: unknown; readonly init: RequestInit; readonly atMs: number }[]
}

/** A fetch on a manual clock that gets the replies in turn, the last one for ever. */
export function world(
  replies: readonly Reply[],
  options: FetchOptions = {},
  clock: ManualClock = manualClock(),
): World {
  const events: FetchEvent[] = []
  const sent: World['sent'] = []
  const send = async (input: unknown, init: RequestInit = {}): Promise<Response> => {
    sent.push({ input, init, atMs: clock.now() })
    init.signal?.throwIfAborted()
    const reply = replies[Math.min(sent.length, replies.length) - 1] as Reply
    if (reply === 'never')
      return new Promise((_, reject) => {
        init.signal?.addEventListener('abort', () => reject(init.signal?.reason))
      })
    if (reply instanceof Error) throw reply
    if (typeof reply === 'function') return reply(init)
    return typeof reply === 'number' ? new Response(`${reply}`, { status: reply }) : reply
  }
  const fetch = createFetch({
    fetch: send as typeof globalThis.fetch,
    clock,
    random: seededRandom(1),
    onEvent: (event) => events.push(event),
    ...options,
  })
  return { clock, fetch, events, sent }
}

/** A Response that says when to come back. */
export function limited(status: number, headers: Record<string, string>): Response {
  return new Response('wait', { status, headers })
}

/** The error a promise is rejected with. */
export async function failure(promise: Promise<unknown>): Promise<EvenkeelError> {
  return promise.then(
    (value) => {
      throw new Error(`expected a rejection, got ${String(value)}`)
    },
    (error) => error,
  )
}

export const url = 'https://api.example.com/things'
