import { manualClock, seededRandom } from '@evenkeel/core/testing'
import { type ClientOptions, createClient } from '../../src/index.ts'

/** A request as the API got it. */
export interface Got {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  readonly body: string
}

/**
 * An API that fails so many times before each answer, and a client of it. Time moves by itself while somebody
 * waits for it, so that no library needs to know of it.
 */
export function flakyApi(
  failures: number,
  answer: (got: Got) => unknown,
  options: ClientOptions = {},
) {
  const clock = manualClock()
  const got: Got[] = []
  const client = createClient({
    baseUrl: 'https://api.example.com/',
    clock,
    random: seededRandom(1),
    retry: { budget: false },
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const { method, url, headers } = request
      const each = { method, url, headers, body: await request.text() }
      got.push(each)
      if (got.length <= failures) return new Response('{"errors":[]}', { status: 503 })
      return Response.json(answer(each))
    },
    ...options,
  })

  /** Lets time pass until a promise has settled. */
  async function settled<T>(promise: Promise<T>): Promise<T> {
    let isOver = false
    const over = promise.finally(() => {
      isOver = true
    })
    over.catch(() => {})
    while (!isOver) {
      await clock.advance(100)
      await new Promise((resolve) => setImmediate(resolve))
    }
    return promise
  }
  return { clock, got, client, settled }
}
