import { isRetryable } from '@evenkeel/core'
import { manualClock, seededRandom } from '@evenkeel/core/testing'
import { type SteeringEvent, type SteeringOptions, steering } from '@evenkeel/rate-limit/steering'
import { describe, expect, it } from 'vitest'
import { createFetch, type FetchEvent, type FetchOptions } from '../src/index.ts'
import { failure, limited, url } from './world.ts'

const origin = 'https://api.example.com'
const noBudget = { retry: { budget: false }, circuitBreaker: false } as const

/** A fetch that its server steers; each reply is a status with what it says, the last one for ever. */
function steered(
  replies: readonly (readonly [status: number, policy?: string])[],
  options: FetchOptions = noBudget,
  { allow, random = () => 0.5 }: SteeringOptions = {},
) {
  const clock = manualClock()
  const told: SteeringEvent[] = []
  const events: FetchEvent[] = []
  const sent: number[] = []
  const steer = steering({ allow, clock, random, onEvent: (event) => told.push(event) })
  const fetch = createFetch({
    clock,
    random: seededRandom(1),
    admission: steer,
    fetch: steer.reading(async () => {
      sent.push(clock.now())
      const [status, policy] = replies[Math.min(sent.length, replies.length) - 1] ?? [200]
      return limited(status, policy === undefined ? {} : { 'evenkeel-policy': policy })
    }),
    rateLimit: { limits: [steer.cooldown] },
    onEvent: (event) => events.push(event),
    ...options,
  })
  return { clock, fetch, steer, sent, told, events }
}

describe('a server that steers a fetch', () => {
  it('takes the retries away from the very call that it answers', async () => {
    const { fetch, clock, sent, told, events } = steered([[503, 'attempts=1']])
    const outcome = fetch(url)
    await clock.runAll()
    const response = await outcome
    expect([response.status, await response.text()]).toEqual([503, 'wait'])
    expect(isRetryable(response)).toBe(false)
    expect(sent).toHaveLength(1)
    expect(events.find(({ type }) => type === 'gaveUp')).toMatchObject({
      reason: 'forbiddenByServer',
    })
    expect(told.at(-1)).toMatchObject({ type: 'retriesCapped', key: origin, attempt: 1 })
  })

  it('lowers the attempts of every call, and of no other origin', async () => {
    const { fetch, clock, sent } = steered([[503, 'attempts=2'], [503]])
    for (const _ of [1, 2]) {
      const outcome = fetch(url)
      await clock.runAll()
      await outcome
    }
    expect(sent).toHaveLength(4)
    const elsewhere = fetch('https://other.example.com/')
    await clock.runAll()
    await elsewhere
    expect(sent).toHaveLength(8)
  })

  it('never raises them', async () => {
    const { fetch, clock, sent } = steered([[503, 'attempts=9']], {
      ...noBudget,
      retry: { budget: false, maxRetries: 1 },
    })
    const outcome = fetch(url)
    await clock.runAll()
    await outcome
    expect(sent).toHaveLength(2)
  })

  it('spreads retries over the time it says, beyond their backoff', async () => {
    const { fetch, clock, sent, told } = steered([[503, 'jitter=20'], [200]])
    const outcome = fetch(url)
    await clock.runAll()
    expect((await outcome).status).toBe(200)
    const { delayMs } = told.find(({ type }) => type === 'retrySpread') as { delayMs: number }
    expect(delayMs).toBe(10_000)
    expect(sent[1]).toBeGreaterThan(10_000)
    expect(sent[1]).toBeLessThanOrEqual(11_000)
  })

  it('takes at most half of what a call has left for that', async () => {
    const { fetch, clock, sent, told } = steered(
      [[503, 'jitter=30'], [200]],
      { ...noBudget, totalTimeoutMs: 10_000 },
      { random: () => 0.999 },
    )
    const outcome = fetch(url)
    await clock.runAll()
    expect((await outcome).status).toBe(200)
    const { delayMs } = told.find(({ type }) => type === 'retrySpread') as { delayMs: number }
    const backoffMs = (sent[1] as number) - delayMs
    expect(delayMs).toBeCloseTo((0.999 * (10_000 - backoffMs)) / 2, 5)
  })

  it('can be left at once while a retry is spread', async () => {
    const { fetch, clock, sent } = steered([[503, 'jitter=30']])
    const controller = new AbortController()
    const error = failure(fetch(url, { signal: controller.signal }))
    await clock.advance(1100)
    controller.abort('enough')
    expect(await error).toBe('enough')
    await clock.runAll()
    expect([sent.length, clock.pending]).toEqual([1, 0])
  })

  it('pauses what matters least, a retry of it too, whose answer is returned', async () => {
    const { fetch, clock, sent } = steered([[503, 'pause=deferred'], [200]])
    const deferred = fetch.with({ priority: 'deferred' })
    const outcome = deferred(url)
    await clock.runAll()
    expect(await (await outcome).text()).toBe('wait')
    expect((await failure(deferred(url))).code).toBe('PAUSED_BY_SERVER')
    expect(sent).toHaveLength(1)
    expect((await fetch(url)).status).toBe(200)
  })

  it('holds all calls for a cooldown, and then lets them go one by one', async () => {
    const { fetch, clock, sent } = steered([[200, 'cooldown=10'], [200]])
    await fetch(url)
    const calls = [1, 2, 3].map(() => fetch(url))
    await clock.advance(9999)
    expect(sent).toEqual([0])
    await clock.runAll()
    await Promise.all(calls)
    expect(sent[1]).toBeLessThanOrEqual(15_000)
    expect(new Set(sent).size).toBe(4)
  })

  it('has no say where the app allows none', async () => {
    const { fetch, clock, sent, told } = steered(
      [[503, 'attempts=1, jitter=30, pause=critical, cooldown=60'], [200]],
      noBudget,
      { allow: { minAttempts: 4, maxJitterMs: 0, pause: false, maxCooldownMs: 0 } },
    )
    const outcome = fetch(url)
    await clock.runAll()
    expect((await outcome).status).toBe(200)
    expect(sent).toHaveLength(2)
    expect(told.map(({ type }) => type)).toEqual(['policyChanged'])
  })

  it('is done with when its time is over', async () => {
    const { fetch, clock, sent } = steered([[503, 'attempts=1, max-age=30'], [503]])
    await fetch(url)
    await clock.advance(30_000)
    const outcome = fetch(url)
    await clock.runAll()
    await outcome
    expect(sent).toHaveLength(5)
  })
})
