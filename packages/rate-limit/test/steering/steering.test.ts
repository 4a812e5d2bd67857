import { compose, errorCode, type Priority, run } from '@evenkeel/core'
import { manualClock, seededRandom } from '@evenkeel/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rateLimit } from '../../src/index.ts'
import {
  type Allowance,
  formatServerPolicy,
  parseServerPolicy,
  pollPolicy,
  type Steering,
  type SteeringEvent,
  type SteeringOptions,
  steering,
} from '../../src/steering.ts'

const key = 'https://api.example.com'

describe('the field Evenkeel-Policy', () => {
  it.each([
    [
      'attempts=2, jitter=10, pause=deferred, cooldown=20.5, max-age=60',
      { attempts: 2, jitterMs: 10_000, pause: 'deferred', cooldownMs: 20_500, maxAgeMs: 60_000 },
    ],
    ['max-age=0', { maxAgeMs: 0 }],
    ['attempts=1', { attempts: 1 }],
    ['attempts=3;why="load; and, more", jitter=1;x', { attempts: 3, jitterMs: 1000 }],
    [
      'later=("a" b);c, flag, text="x, attempts=9", bytes=:aGk=:, pause=important',
      { pause: 'important' },
    ],
    ['attempts=1,attempts=2', { attempts: 2 }],
    ['  attempts=2\t,\tpause=critical  ', { attempts: 2, pause: 'critical' }],
  ])('says %s', (text, policy) => {
    const none = { attempts: undefined, jitterMs: undefined, pause: undefined }
    const all = { ...none, cooldownMs: undefined, maxAgeMs: undefined, ...policy }
    expect(parseServerPolicy(text)).toEqual(all)
  })

  it.each([
    '',
    ',',
    'attempts=2,',
    'attempts',
    'attempts=0',
    'attempts=-1',
    'attempts=1.5',
    'attempts=100',
    'attempts="2"',
    'jitter=-1',
    'jitter=1e3',
    'jitter=0.1234',
    'cooldown=99999999',
    'cooldown=soon',
    'max-age=?1',
    'pause="deferred"',
    'pause=all',
    'pause',
    'Attempts=2',
    'attempts=2 jitter=1',
    'attempts =2',
    'attempts= 2',
    '{"attempts":2}',
    '<html>',
    'later=("a", attempts=2',
    `x="${'y'.repeat(5000)}"`,
    'attempts=2, ü=1',
  ])('says nothing by %j', (text) => {
    expect(parseServerPolicy(text)).toBeUndefined()
  })

  it('is read as it was written', () => {
    const policy = {
      attempts: 2,
      jitterMs: 1500,
      pause: 'deferred',
      cooldownMs: 0,
      maxAgeMs: 1,
    } as const
    expect(formatServerPolicy(policy)).toBe(
      'attempts=2, jitter=1.5, pause=deferred, cooldown=0, max-age=0.001',
    )
    expect(parseServerPolicy(formatServerPolicy(policy))).toEqual(policy)
    expect(formatServerPolicy(undefined)).toBe('max-age=0')
    // What an operator means by no retries at all.
    expect(formatServerPolicy({ attempts: 0 })).toBe('attempts=1')
    expect(formatServerPolicy({ attempts: 500 })).toBe('attempts=99')
  })

  it('is read in time, and without a throw, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 5000 }), (text) => {
        parseServerPolicy(text)
        parseServerPolicy(`a=(${text}`)
      }),
    )
    for (const piece of ['a=("', 'a;', '(("', 'a=1;b ', '\\"'])
      expect(parseServerPolicy(piece.repeat(4096 / piece.length))).toBeUndefined()
  })
})

/** A steering on a clock of its own, and calls that fail or succeed under it. */
function world(options: SteeringOptions = {}) {
  const clock = manualClock()
  const events: SteeringEvent[] = []
  const steer = steering({
    clock,
    random: () => 0.5,
    onEvent: (event) => events.push(event),
    ...options,
  })
  const types = (): string[] => events.map(({ type }) => type)
  const call = (priority: Priority = 'important') =>
    run(steer, () => 'ok', { key, priority }).catch(errorCode)
  return { clock, steer, events, types, call }
}

describe('what a server may ask', () => {
  it.each<[string, Allowance | undefined, object]>([
    ['attempts=1', undefined, { attempts: 1 }],
    ['attempts=1', { minAttempts: 2 }, { attempts: 2 }],
    ['attempts=9', { minAttempts: 2 }, { attempts: 9 }],
    ['jitter=10', undefined, { jitterMs: 10_000 }],
    ['jitter=3600', undefined, { jitterMs: 30_000 }],
    ['jitter=10', { maxJitterMs: 0 }, { jitterMs: undefined }],
    ['pause=deferred', undefined, { pause: 'deferred' }],
    ['pause=critical', undefined, { pause: 'deferred' }],
    ['pause=critical', { pause: 'important' }, { pause: 'important' }],
    ['pause=deferred', { pause: 'critical' }, { pause: 'deferred' }],
    ['pause=deferred', { pause: false }, { pause: undefined }],
    ['cooldown=3600, max-age=3600', undefined, { cooldownMs: 60_000, maxAgeMs: 600_000 }],
    ['cooldown=10', { maxCooldownMs: 0 }, { cooldownMs: undefined, maxAgeMs: 60_000 }],
    ['max-age=60', { maxAgeMs: 1000 }, { maxAgeMs: 1000 }],
  ])('%s, of which %o is allowed, is %o', (text, allow, policy) => {
    const { steer, events } = world({ allow })
    steer.learn(key, text)
    expect(steer.policy(key)).toMatchObject(policy)
    expect(events[0]).toMatchObject({ type: 'policyChanged', key, policy })
  })

  it('never exceeds what the app allows, whatever it is', () => {
    const amount = fc.integer({ min: 0, max: 9_999_999 })
    fc.assert(
      fc.property(
        fc.record({
          attempts: fc.integer({ min: 1, max: 99 }),
          jitter: amount,
          cooldown: amount,
          age: amount,
          pause: fc.constantFrom('critical', 'important', 'deferred'),
        }),
        ({ attempts, jitter, cooldown, age, pause }) => {
          const { steer } = world()
          steer.learn(
            key,
            `attempts=${attempts}, jitter=${jitter}, cooldown=${cooldown}, max-age=${age}, pause=${pause}`,
          )
          const { jitterMs = 0, cooldownMs = 0, maxAgeMs = 0, ...policy } = steer.policy(key) ?? {}
          expect(jitterMs).toBeLessThanOrEqual(30_000)
          expect(cooldownMs).toBeLessThanOrEqual(60_000)
          expect(maxAgeMs).toBeLessThanOrEqual(600_000)
          expect(policy.pause ?? 'deferred').toBe('deferred')
        },
      ),
    )
  })

  it('holds for its time, and says when that is over', async () => {
    const { steer, events, clock } = world()
    steer.learn(key, 'attempts=2')
    steer.learn(key, 'attempts=2')
    await clock.advance(59_999)
    expect(steer.policy(key)?.attempts).toBe(2)
    await clock.advance(1)
    expect(steer.policy(key)).toBeUndefined()
    expect(events).toEqual([
      { type: 'policyChanged', key, policy: { attempts: 2, maxAgeMs: 60_000 } },
      { type: 'policyChanged', key, policy: undefined },
    ])
  })

  it('takes the place of what it asked before, and is taken back by max-age=0', () => {
    const { steer, types } = world()
    steer.learn(key, 'attempts=2')
    steer.learn(key, 'jitter=3')
    expect(steer.policy(key)).toMatchObject({ attempts: undefined, jitterMs: 3000 })
    steer.learn(key, 'max-age=0')
    steer.learn(key, 'max-age=0')
    expect(steer.policy(key)).toBeUndefined()
    expect(types()).toEqual(['policyChanged', 'policyChanged', 'policyChanged'])
  })

  it('is as old as the cache says that it came from', async () => {
    const { steer, events, clock } = world()
    steer.learn(key, 'attempts=2, max-age=30', 20_000)
    await clock.advance(10_000)
    expect(steer.policy(key)).toBeUndefined()
    events.length = 0
    steer.learn(key, 'attempts=2, max-age=30', 30_000)
    expect(events).toEqual([
      { type: 'policyIgnored', key, reason: 'stale', text: 'attempts=2, max-age=30' },
    ])
    steer.set(key, { attempts: 2 }, 60_000)
    expect(steer.policy(key)).toBeUndefined()
    steer.set(key, { attempts: 2 })
    expect(steer.policy(key)?.attempts).toBe(2)
  })

  it('leaves what held alone when it can’t be read, and says so in a hundred characters', () => {
    const { steer, events } = world()
    steer.learn(key, 'attempts=2')
    steer.learn(key, `nonsense ${'x'.repeat(500)}`)
    expect(steer.policy(key)?.attempts).toBe(2)
    expect(events[1]).toMatchObject({ type: 'policyIgnored', key, reason: 'malformed' })
    expect((events[1] as { text: string }).text).toHaveLength(100)
  })

  it('is of its own key', async () => {
    const { steer, call } = world()
    steer.learn('https://other.example.com', 'pause=deferred')
    expect(await call('deferred')).toBe('ok')
    expect(steer.policy(key)).toBeUndefined()
  })

  it.each<[Allowance, string]>([
    [{ minAttempts: 0 }, 'steering: minAttempts must be a number ≥ 1, got 0'],
    [{ maxJitterMs: -1 }, 'steering: maxJitterMs must be a number ≥ 0, got -1'],
    [{ maxCooldownMs: Number.NaN }, 'steering: maxCooldownMs must be a number ≥ 0, got NaN'],
    [{ maxAgeMs: 0 }, 'steering: maxAgeMs must be a number ≥ 1, got 0'],
    [
      { pause: 'all' as never },
      'steering: pause must be critical, important, deferred or false, got all',
    ],
  ])('is bounded by what makes sense: %o does not', (allow, message) => {
    expect(() => steering({ allow })).toThrow(new RangeError(message))
  })
})

describe('a pause', () => {
  it('turns away what it names and what matters less, with the time to come back', async () => {
    const { steer, events, clock } = world({ allow: { pause: 'important' } })
    const ok = async () => {
      const sent: Priority[] = []
      for (const priority of ['critical', 'important', 'deferred'] as const)
        await run(steer, () => sent.push(priority), { key, priority }).catch(() => {})
      return sent
    }
    expect(await ok()).toEqual(['critical', 'important', 'deferred'])
    steer.learn(key, 'pause=deferred')
    expect(await ok()).toEqual(['critical', 'important'])
    steer.learn(key, 'pause=important, max-age=30')
    expect(await ok()).toEqual(['critical'])
    const error = await run(steer, () => 'ok', { key, tag: 't' }).catch((thrown) => thrown)
    expect(error).toMatchObject({
      code: 'PAUSED_BY_SERVER',
      message: `${key} asks to pause important calls`,
      transient: true,
      throttled: true,
      reached: 'no',
      // By then it is over; half of it more, so that not all come back at once.
      retryAfterMs: 37_500,
    })
    expect(events.at(-1)).toEqual({
      type: 'pausedByServer',
      key,
      priority: 'important',
      attempt: 1,
      tag: 't',
      retryAfterMs: 37_500,
    })
    await clock.advance(30_000)
    expect(await ok()).toEqual(['critical', 'important', 'deferred'])
  })
})

describe('a cooldown', () => {
  function held(options: SteeringOptions = {}) {
    const all = world(options)
    const limit = rateLimit({
      limits: [all.steer.cooldown],
      clock: all.clock,
      random: seededRandom(1),
      maxWaitMs: 600_000,
    })
    const starts: number[] = []
    const call = (): Promise<unknown> =>
      run(compose(all.steer, limit), () => starts.push(all.clock.now()), { key }).catch(errorCode)
    return { ...all, starts, call }
  }

  it('holds all calls, longer than it says and never shorter, and lets them go one by one', async () => {
    const { steer, call, starts, clock, events } = held()
    await call()
    steer.learn(key, 'cooldown=20')
    expect(events.at(-1)).toEqual({ type: 'cooldownSteered', key, waitMs: 25_000 })
    for (let i = 0; i < 4; i++) call()
    await clock.advance(24_999)
    expect(starts).toEqual([0])
    await clock.advance(1)
    expect(starts).toEqual([0, 25_000])
    await clock.runAll()
    expect(starts).toHaveLength(5)
    expect(new Set(starts).size).toBe(5)
    expect(clock.pending).toBe(0)
  })

  it('begins once for each time that a policy holds, and never takes more than half of the time', async () => {
    const { steer, clock, types } = held()
    const cooldowns = (): number => types().filter((type) => type === 'cooldownSteered').length
    for (let second = 0; second < 60; second++) {
      steer.learn(key, 'cooldown=5, max-age=60')
      await clock.advance(1000)
    }
    expect(cooldowns()).toBe(1)
    steer.learn(key, 'cooldown=5, max-age=60')
    expect(cooldowns()).toBe(2)
    await clock.advance(600_000)
    // A server that says the longest all the time, each time a little differently.
    let heldMs = 0
    for (let second = 0; second < 3600; second++) {
      const before = cooldowns()
      steer.learn(key, `cooldown=${60 + second}, max-age=1`)
      if (cooldowns() > before) heldMs += 75_000
      await clock.advance(1000)
    }
    expect(heldMs).toBeGreaterThan(0)
    expect(heldMs).toBeLessThanOrEqual(3_600_000 / 2 + 75_000)
  })

  it('ends a call that has no time for it, with the time to come back', async () => {
    const { steer, clock } = world()
    const limit = rateLimit({ limits: [steer.cooldown], clock, maxWaitMs: 10_000 })
    steer.learn(key, 'cooldown=20')
    const error = await run(limit, () => 'ok', { key }).catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'COOLDOWN_TOO_LONG', retryAfterMs: 25_000 })
  })

  it('holds nothing of a key that nobody steers, nor after it was taken back before it began', async () => {
    const { steer, call, starts } = held()
    steer.learn(key, 'cooldown=20, max-age=0')
    await call()
    expect(starts).toEqual([0])
  })

  it('is needed as long as it lasts', () => {
    const { steer } = world()
    const limit = steer.cooldown(key, Math.random, () => {})
    expect(limit.isNeeded?.(0)).toBe(false)
    steer.learn(key, 'cooldown=20')
    expect([limit.isNeeded?.(24_999), limit.isNeeded?.(25_000)]).toEqual([true, false])
  })
})

describe('reading', () => {
  const answer = (
    field: string | undefined,
    init: ResponseInit & { url?: string } = {},
  ): Response =>
    Object.defineProperty(
      new Response('', {
        headers: { ...(field && { 'evenkeel-policy': field }), ...init.headers },
      }),
      'url',
      { value: init.url ?? '' },
    )

  it('learns from every response, for its origin', async () => {
    const { steer } = world()
    for (const input of [`${key}/a`, new URL(`${key}/a`), new Request(`${key}/a`)]) {
      steer.learn(key, 'max-age=0')
      const given = answer('attempts=2', { url: `${key}/b` })
      const fetch = steer.reading(async () => given)
      expect(await fetch(input)).toBe(given)
      expect(steer.policy(key)?.attempts).toBe(2)
    }
    await steer.reading(async () => answer('attempts=3'))(`${key}/a`)
    expect(steer.policy(key)?.attempts).toBe(3)
  })

  it('believes nobody else', async () => {
    const { steer, events } = world()
    const url = 'https://evil.example.com/'
    await steer.reading(async () => answer('attempts=1', { url }))(`${key}/a`)
    expect(steer.policy(key)).toBeUndefined()
    expect(steer.policy('https://evil.example.com')).toBeUndefined()
    expect(events).toEqual([{ type: 'policyIgnored', key, reason: 'foreign', text: 'attempts=1' }])
  })

  it('takes off the age of what a cache kept', async () => {
    const { steer, clock } = world()
    const fetch = steer.reading(async () =>
      answer('attempts=2, max-age=30', { headers: { age: '25' } }),
    )
    await fetch(`${key}/a`)
    await clock.advance(5000)
    expect(steer.policy(key)).toBeUndefined()
  })

  it('hears nothing in silence', async () => {
    const { steer, events } = world()
    await steer.reading(async () => answer(undefined))('not even a URL')
    expect(events).toEqual([])
  })

  it('reads by the platform’s fetch by default', async () => {
    const { steer } = world()
    const { fetch: platform } = globalThis
    globalThis.fetch = async () => answer('attempts=2')
    await steer.reading()(`${key}/`)
    globalThis.fetch = platform
    expect(steer.policy(key)?.attempts).toBe(2)
  })
})

describe('polling a policy', () => {
  it('learns from a document, by body or field, and says what it can’t read', async () => {
    const { steer, clock, types } = world()
    let given = new Response('attempts=2, max-age=20\n')
    const stop = pollPolicy(steer, 'https://cdn.example.com/policy', {
      key,
      clock,
      random: () => 0,
      fetch: async () => given,
    })
    await clock.advance(0)
    expect(steer.policy(key)?.attempts).toBe(2)
    given = new Response('<html>', { headers: { 'evenkeel-policy': 'attempts=3', age: '50' } })
    await clock.advance(10_000)
    expect(steer.policy(key)?.attempts).toBe(3)
    given = new Response('<html>')
    await clock.advance(10_000)
    expect(steer.policy(key)).toBeUndefined()
    expect(types()).toContain('policyIgnored')
    stop()
    expect(clock.pending).toBe(0)
  })

  it('holds a document’s cooldown once, however often it is looked at', async () => {
    const { steer, clock, types } = world()
    const stop = pollPolicy(steer, 'https://cdn.example.com/policy', {
      key,
      clock,
      random: () => 0,
      fetch: async () => new Response('cooldown=5, max-age=60'),
    })
    await clock.advance(59_000)
    expect(types().filter((type) => type === 'cooldownSteered')).toHaveLength(1)
    stop()
  })

  it('refuses to look all the time, by its own name', () => {
    const { steer } = world()
    expect(() => pollPolicy(steer, '/policy', { key, intervalMs: 1 })).toThrow(
      'pollPolicy: intervalMs must be a number ≥ 1000, got 1',
    )
  })
})

describe('steering', () => {
  it('is out of the way of calls while nothing is asked', async () => {
    const { call, events } = world()
    expect(await call()).toBe('ok')
    expect(events).toEqual([])
  })

  it('remembers a bounded number of keys, those with a policy longest', () => {
    const { steer } = world()
    for (let i = 0; i < 5000; i++) steer.set(`https://${i}.example.com`, { attempts: 2 })
    const known = Array.from({ length: 5000 }, (_, i) => steer.policy(`https://${i}.example.com`))
    expect(known.filter(Boolean).length).toBeLessThanOrEqual(1000)
    expect(known.at(-1)?.attempts).toBe(2)
  })

  it('needs no options', async () => {
    const steer: Steering = steering()
    steer.set(key, { pause: 'deferred' })
    expect(await run(steer, () => 'ok', { key, priority: 'deferred' }).catch(errorCode)).toBe(
      'PAUSED_BY_SERVER',
    )
  })
})
