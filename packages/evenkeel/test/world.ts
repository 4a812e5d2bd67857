import { manualClock, seededRandom } from '@evenkeel/core/testing'
import { type Client, type ClientOptions, createClient, type HealthState } from '../src/index.ts'

/** What a fake API answers: a status, headers, or what it throws. */
export type Answer = { status?: number; headers?: Record<string, string>; throws?: unknown }

/** A client of a fake API on a manual clock. */
export function world(
  answer: (url: string) => Answer | Promise<Answer> = () => ({}),
  options: ClientOptions = {},
) {
  const clock = manualClock()
  const asked: string[] = []
  const told: HealthState['level'][] = []
  const client: Client = createClient({
    baseUrl: 'https://api.example.com/v1/',
    clock,
    random: seededRandom(1),
    network: { timings: false },
    fetch: async (input) => {
      const url = String(input)
      asked.push(url)
      const { status = 200, headers = {}, throws } = await answer(url)
      if (throws) throw throws
      return new Response(status === 204 ? null : `answer to ${url}`, { status, headers })
    },
    ...options,
  })
  client.events.on('healthChanged', ({ level }) => told.push(level))
  return { clock, asked, told, client }
}
