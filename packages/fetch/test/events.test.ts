import { describe, expect, it, vi } from 'vitest'
import { url, world } from './world.ts'

describe('events', () => {
  it('tell the life of a call, in order, each with its call', async () => {
    const { fetch, events, clock } = world([503, 200])
    const tag = { message: 7 }
    const outcome = fetch(`${url}?secret=1`, { evenkeel: { tag } })
    await clock.runAll()
    await outcome
    expect(events.map(({ type }) => type)).toEqual([
      'attemptStarted',
      'attemptFailed',
      'retryScheduled',
      'attemptStarted',
      'succeeded',
    ])
    expect(events[0]).toMatchObject({ call: { method: 'GET', url, tag }, attempt: 1 })
    expect(events[1]).toMatchObject({ status: 503, attempt: 1 })
    expect(events[2]).toMatchObject({ attempt: 2, tag: { tag } })
    expect(events[4]).toMatchObject({ attempts: 2, status: 200 })
  })

  it('are enough for "retrying in 4 s"', async () => {
    const { fetch, events, clock } = world([503, 200])
    const outcome = fetch(url)
    await clock.advance(0)
    const scheduled = events.find((event) => event.type === 'retryScheduled')
    expect(scheduled?.delayMs).toBeGreaterThan(0)
    await clock.runAll()
    await outcome
  })

  it('break no call when their listener throws', async () => {
    const reported = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { fetch, clock } = world([503, 200], {
      onEvent() {
        throw new Error('a listener with a bug')
      },
    })
    const outcome = fetch(url)
    await clock.runAll()
    expect((await outcome).status).toBe(200)
    expect(reported).toHaveBeenCalled()
    reported.mockRestore()
  })
})
