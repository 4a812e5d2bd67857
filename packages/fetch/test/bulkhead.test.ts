import { bulkhead } from '@evenkeel/bulkhead'
import { describe, expect, it } from 'vitest'
import { preset } from '../src/index.ts'
import { failure, url, world } from './world.ts'

/** A fetch whose answers take a second, and whose bulkhead is on the same clock. */
function slowWorld(limit: number, maxQueued: number, statuses: readonly number[] = []) {
  const { clock } = world([])
  const made = bulkhead({ limit, maxQueued, clock })
  const sent: string[] = []
  const { fetch } = world(
    [],
    {
      bulkhead: made,
      fetch: async (input) => {
        const status = statuses[sent.push(String(input)) - 1] ?? 200
        await new Promise<void>((resolve) => clock.scheduleAt(clock.now() + 1000, resolve))
        return new Response('', { status })
      },
    },
    clock,
  )
  return { clock, fetch, sent, state: (key: string) => made.state(key) }
}

describe('a bulkhead', () => {
  it('lets so many requests to an origin be under way, the important first', async () => {
    const { clock, fetch, sent } = slowWorld(2, 10)
    const kinds = ['deferred', 'important', 'deferred', 'critical'] as const
    const calls = kinds.map((priority, each) => fetch(`${url}/${each}`, { evenkeel: { priority } }))
    calls.push(fetch('https://other.example.com/'))
    await clock.advance(0)
    expect(sent).toEqual([`${url}/0`, `${url}/1`, 'https://other.example.com/'])
    await clock.runAll()
    expect(sent.slice(3)).toEqual([`${url}/3`, `${url}/2`])
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([
      200, 200, 200, 200, 200,
    ])
    expect(clock.pending).toBe(0)
  })

  it('sends nothing for a call that it has no room for, and no retry either', async () => {
    const { clock, fetch, sent } = slowWorld(1, 0)
    const first = fetch(url)
    const error = await failure(fetch(url))
    expect(error).toMatchObject({ code: 'BULKHEAD_FULL', key: 'https://api.example.com' })
    await clock.runAll()
    expect((await first).status).toBe(200)
    expect(sent).toHaveLength(1)
  })

  it('gives the place of a call that waits for its retry to another', async () => {
    const { clock, fetch, sent, state } = slowWorld(1, 10, [503])
    const retried = fetch(`${url}/retried`)
    const other = fetch(`${url}/other`)
    await clock.advance(1000)
    expect(sent).toEqual([`${url}/retried`, `${url}/other`])
    await clock.runAll()
    expect([(await retried).status, (await other).status]).toEqual([200, 200])
    expect(sent).toEqual([`${url}/retried`, `${url}/other`, `${url}/retried`])
    expect(state('https://api.example.com')).toMatchObject({ inFlight: 0, queued: 0 })
  })

  it('stands between retry and rate limit', () => {
    expect(preset({ bulkhead: bulkhead() }).name).toBe(
      'deadline → retry → bulkhead → rateLimit → circuitBreaker → timeout',
    )
  })
})
