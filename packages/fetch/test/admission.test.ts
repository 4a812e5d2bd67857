import { EvenkeelError, errorCode, type Policy } from '@evenkeel/core'
import { manualClock } from '@evenkeel/core/testing'
import { fleetHint } from '@evenkeel/rate-limit/fleet-hint'
import { describe, expect, it } from 'vitest'
import type { FetchEvent, FetchOptions } from '../src/index.ts'
import { failure, limited, type Reply, url, world } from './world.ts'

const origin = 'https://api.example.com'
const calm = { circuitBreaker: false, rateLimit: false } as const

/** A fetch that obeys a hint; replies may change the hint on their way. */
function hinted(replies: readonly Reply[], options: FetchOptions = {}) {
  const clock = manualClock()
  const hint = fleetHint({ clock, random: () => 0.5 })
  return { hint, ...world(replies, { ...calm, admission: hint, ...options }, clock) }
}

describe('a retry that the hint holds back', () => {
  it('does not hide the answer before it, which is readable', async () => {
    const answer = limited(503, { 'content-length': '4' })
    const { fetch, hint, sent, events, clock } = hinted([answer])
    hint.set(origin, { level: 3, retryRatio: 0 })
    const outcome = fetch(url)
    await clock.runAll()
    expect(await outcome).toBe(answer)
    expect(await answer.text()).toBe('wait')
    expect(sent).toHaveLength(1)
    expect(events.at(-1)).toMatchObject({ type: 'failed', status: 503, attempts: 1 })
    expect(clock.pending).toBe(0)
  })

  it('leaves the last of several answers, and frees those before', async () => {
    const answers = [503, 502].map((status) => limited(status, { 'content-length': '4' }))
    const { fetch, hint, sent, clock } = hinted(
      [
        answers[0] as Response,
        () => {
          hint.set(origin, { level: 0 })
          return answers[1] as Response
        },
      ],
      { retry: { budget: false } },
    )
    const outcome = fetch(url)
    await clock.runAll()
    expect(await outcome).toBe(answers[1])
    expect(answers.map(({ bodyUsed }) => bodyUsed)).toEqual([true, false])
    expect(sent).toHaveLength(2)
  })

  it('is named where there was no answer', async () => {
    const { fetch, hint, clock } = hinted([
      Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } }),
    ])
    hint.set(origin, { level: 3, retryRatio: 0 })
    const error = failure(fetch(url))
    await clock.runAll()
    expect(errorCode(await error)).toBe('SHED_BY_HINT')
  })

  it('is a first try like any other to the next call', async () => {
    const { fetch, hint } = hinted([200])
    hint.set(origin, { level: 0 })
    expect((await failure(fetch(url))).code).toBe('SHED_BY_HINT')
  })
})

describe('a policy of admission', () => {
  it('that admits a retry has the answer before it freed when that starts, and not before', async () => {
    const answer = limited(503, { 'content-length': '4' })
    const open: boolean[] = []
    const admission: Policy = {
      name: 'watch',
      execute(next, context) {
        open.push(!answer.bodyUsed)
        return next(context)
      },
    }
    const { fetch, clock } = world([answer, 200], { ...calm, admission })
    const outcome = fetch(url)
    await clock.runAll()
    expect((await outcome).status).toBe(200)
    expect(open).toEqual([true, true])
    expect(answer.bodyUsed).toBe(true)
  })

  it('that refuses by another code is heard', async () => {
    const admission: Policy = {
      name: 'closed',
      execute: (next, context) =>
        context.attempt > 1
          ? Promise.reject(new EvenkeelError('CLOSED_FOR_TODAY', 'closed'))
          : next(context),
    }
    const { fetch, clock, events } = world([503], { ...calm, admission })
    const error = failure(fetch(url))
    await clock.runAll()
    expect((await error).code).toBe('CLOSED_FOR_TODAY')
    expect(events.filter(({ type }: FetchEvent) => type === 'failed')).toHaveLength(1)
  })
})
