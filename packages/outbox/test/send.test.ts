import { describe, expect, it } from 'vitest'
import { circuitOpen, conflict, failure, world } from './world.ts'

describe('sending', () => {
  it('stores an entry before it is sent, and forgets it once it is', async () => {
    const { enqueue, sends, store, told, succeed, outbox, of } = world()
    const entry = await enqueue('a')
    expect(sends).toHaveLength(1)
    expect(await store.read()).toMatchObject([[entry.id, { payload: 'a', attempts: 1 }]])
    expect(outbox.counts).toEqual({ waiting: 0, sending: 1, bytes: 1, setAside: 0 })
    await succeed('stored as 7')
    expect(told()).toEqual(['stored a', 'sending a', 'sent a'])
    expect(of('sent')[0]).toMatchObject({ result: 'stored as 7', isRemote: false })
    expect(await store.read()).toEqual([])
    expect(outbox.counts).toEqual({ waiting: 0, sending: 0, bytes: 0, setAside: 0 })
  })

  it('sends the entries of a lane one after another, in order', async () => {
    const { enqueue, payloads, succeed } = world()
    for (const payload of ['a', 'b', 'c']) await enqueue(payload)
    expect(payloads()).toEqual(['a'])
    await succeed()
    expect(payloads()).toEqual(['a', 'b'])
    await succeed()
    expect(payloads()).toEqual(['a', 'b', 'c'])
  })

  it('keeps the order of calls that did not wait for each other', async () => {
    const { outbox, payloads, settle } = world({ answer: () => 'ok' })
    const given = Array.from({ length: 50 }, (_, index) => `p${index}`)
    await Promise.all(given.map((payload) => outbox.enqueue(payload)))
    while ((await outbox.entries()).length > 0) await settle()
    expect(payloads()).toEqual(given)
  })

  it('lets lanes go side by side, up to maxConcurrent', async () => {
    const { enqueue, sends, settle } = world({ maxConcurrent: 2 })
    for (const lane of ['a', 'b', 'c']) await enqueue(lane, { lane })
    expect(sends.map(({ entry }) => entry.lane)).toEqual(['a', 'b'])
    sends[0]?.succeed()
    await settle()
    expect(sends.map(({ entry }) => entry.lane)).toEqual(['a', 'b', 'c'])
  })

  it('lets critical lanes go before important ones, and those before deferred ones', async () => {
    const { enqueue, outbox, sends, succeed, settle } = world({
      maxConcurrent: 1,
      priority: (lane) => lane as 'critical',
    })
    await enqueue('first', { lane: 'important' })
    for (const lane of ['deferred', 'important', 'critical']) outbox.enqueue(lane, { lane })
    await settle()
    for (let each = 0; each < 4; each++) await succeed()
    expect(sends.map(({ entry }) => entry.payload)).toEqual([
      'first',
      'critical',
      'important',
      'deferred',
    ])
  })

  it('gives an entry the same key for every send', async () => {
    const { enqueue, fail, sends, clock } = world()
    const { idempotencyKey } = await enqueue('a')
    for (let each = 0; each < 3; each++) {
      await fail()
      await clock.advance(5000)
    }
    expect(idempotencyKey).toMatch(/^key-/)
    expect(sends.map(({ entry }) => entry.idempotencyKey)).toEqual(Array(4).fill(idempotencyKey))
    expect(sends.map(({ entry }) => entry.attempts)).toEqual([1, 2, 3, 4])
  })

  it('takes a key that it is given, and keys of two entries differ', async () => {
    const { enqueue } = world()
    expect((await enqueue('a', { idempotencyKey: 'order 7' })).idempotencyKey).toBe('order 7')
    const [b, c] = [await enqueue('b'), await enqueue('c')]
    expect(b.idempotencyKey).not.toBe(c.idempotencyKey)
  })

  it('sends a snapshot: what the caller changes later does not matter', async () => {
    const bodies: unknown[] = []
    const { outbox, settle } = world()
    const payload = { list: [1] }
    const entry = outbox.enqueue(payload as never)
    payload.list.push(2)
    await settle()
    bodies.push((await entry).payload)
    expect(bodies).toEqual([{ list: [1] }])
  })

  it('cancels a send that takes too long, and tries again', async () => {
    const { enqueue, sends, clock, of } = world({ sendTimeoutMs: 1000 })
    await enqueue('a')
    await clock.advance(999)
    expect(sends[0]?.signal.aborted).toBe(false)
    await clock.advance(1)
    expect(sends[0]?.signal.reason).toMatchObject({ code: 'TIMEOUT' })
    expect(of('retryScheduled')).toMatchObject([{ error: { code: 'TIMEOUT' } }])
    await clock.advance(1000)
    expect(sends).toHaveLength(2)
  })

  it('runs sends through the policy it is given, with what it should know', async () => {
    const contexts: unknown[] = []
    const { enqueue, sends } = world({
      priority: () => 'critical',
      policy: {
        name: 'spy',
        execute(next, context) {
          contexts.push(context)
          return next(context)
        },
      },
    })
    const entry = await enqueue('a')
    await enqueue('b', { lane: 'b', idempotencyKey: false })
    expect(contexts).toMatchObject([
      { priority: 'critical', idempotent: true, tag: { id: entry.id } },
      { idempotent: false },
    ])
    expect(sends).toHaveLength(2)
  })

  it('ends a send at the end of the life of the entry', async () => {
    const { enqueue, sends, clock, types } = world({ ttlMs: 5000 })
    await enqueue('a')
    await clock.advance(5000)
    expect(sends[0]?.signal.reason).toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    await clock.advance(1)
    expect(types()).toEqual(['stored', 'sending', 'retryScheduled', 'expired'])
  })
})

describe('a send that fails', () => {
  it('is tried again after a wait that grows, and is told with the time', async () => {
    const { enqueue, fail, sends, clock, of } = world()
    await enqueue('a')
    for (let each = 0; each < 4; each++) {
      await fail()
      await clock.advance(of('retryScheduled').at(-1)?.delayMs ?? 0)
    }
    // Full jitter in the middle: half of 1, 2, 4, 8 s above a twentieth of a second.
    expect(of('retryScheduled').map(({ delayMs }) => delayMs)).toEqual([525, 1025, 2025, 4025])
    expect(sends).toHaveLength(5)
    const [first] = of('retryScheduled')
    expect(first).toMatchObject({ error: { code: 'UNAVAILABLE' }, entry: { attempts: 1 } })
    expect(first?.retryAt.getTime()).toBe(Date.UTC(2022, 0, 25, 16, 47) + 525)
  })

  it('never comes before the server asked for, and only a little later', async () => {
    const { enqueue, fail, sends, clock, of } = world({ ttlMs: 1e9, keyLifeMs: 1e9 })
    await enqueue('a')
    await fail(failure({ retryAfterMs: 20_000 }))
    await clock.advance(19_999)
    expect(sends).toHaveLength(1)
    await clock.advance(5001)
    expect(sends).toHaveLength(2)
    expect(of('retryScheduled')[0]?.delayMs).toBe(25_000)
    await fail(failure({ retryAfterMs: 600_000 }))
    expect(of('retryScheduled')[1]?.delayMs).toBe(615_000)
  })

  it('holds the whole outbox: its entries have one server', async () => {
    const { enqueue, sends, clock, fail, payloads } = world()
    await enqueue('a', { lane: 'a' })
    await fail()
    await enqueue('b', { lane: 'b' })
    await clock.advance(524)
    expect(payloads()).toEqual(['a'])
    await clock.advance(1)
    expect(sends).toHaveLength(2)
  })

  it('holds its lane alone while others succeed', async () => {
    const { enqueue, sends, clock, of } = world({
      maxConcurrent: 1,
      answer: ({ lane }) => {
        if (lane === 'poison') throw failure()
      },
    })
    await enqueue('x', { lane: 'poison' })
    for (let each = 0; each < 300; each++) {
      await enqueue(`ok ${each}`, { lane: 'good' })
      await clock.advance(1000)
    }
    expect(of('sent')).toHaveLength(300)
    const poison = sends.filter(({ entry }) => entry.lane === 'poison')
    // In five minutes: 0.5, 1, 2, 4, 8, 16, 32, 64, 128 s apart.
    expect(poison.length).toBeGreaterThan(7)
    expect(poison.length).toBeLessThan(11)
  })

  it('is given up after maxAttempts', async () => {
    const { enqueue, sends, clock, told, of } = world({
      maxAttempts: 3,
      answer: () => {
        throw failure()
      },
    })
    await enqueue('a')
    await clock.runAll(600_000)
    expect(sends).toHaveLength(3)
    expect(told().at(-1)).toBe('failed a')
    expect(of('failed')).toMatchObject([
      { reason: 'attemptsExhausted', error: { code: 'UNAVAILABLE' } },
    ])
  })

  it('was no attempt when it did not get anywhere, and waits as it was told', async () => {
    const { enqueue, sends, clock, fail, of } = world({ maxAttempts: 1 })
    await enqueue('a')
    for (let each = 0; each < 5; each++) {
      await fail(circuitOpen(4000))
      expect(of('retryScheduled').at(-1)).toMatchObject({
        entry: { attempts: 0, firstSentAtMs: undefined },
      })
      await clock.advance(3999)
      expect(sends).toHaveLength(each + 1)
      // Until the streak of failures has made its own wait the longer one.
      await clock.advance(60_000)
      expect(sends).toHaveLength(each + 2)
    }
  })

  it('that asks to stay away for ever is kept, and read after a reload', async () => {
    const { enqueue, fail, of, store, clock, outbox } = world()
    await enqueue('a')
    await fail(failure({ retryAfterMs: Infinity }))
    const [{ delayMs, retryAt } = { delayMs: 0, retryAt: new Date(Number.NaN) }] =
      of('retryScheduled')
    expect(Number.isFinite(delayMs)).toBe(true)
    expect(retryAt.getTime()).toBeGreaterThan(Date.UTC(9999, 0))
    await outbox.close()
    const second = world({ store, clock })
    await clock.advance(60_000)
    expect(second.of('setAside')).toEqual([])
    expect(second.sends).toEqual([])
  })

  it('is not taken for final when a bug threw', async () => {
    const { enqueue, sends, fail, clock, of } = world()
    await enqueue('a')
    await fail(new TypeError("undefined is not an object (evaluating 'x.y')"))
    expect(of('failed')).toEqual([])
    await clock.advance(1000)
    expect(sends).toHaveLength(2)
  })

  it.each([
    ['backoff', { backoff: () => Number.NaN }],
    ['backoff', { backoff: () => -1 }],
    [
      'isFinal',
      {
        isFinal: () => {
          throw new Error('bug')
        },
      },
    ],
  ])('is not lost with a bad %s', async (_name, options) => {
    const { enqueue, fail, sends, clock, of } = world(options)
    await enqueue('a')
    await fail()
    expect(of('retryScheduled')[0]?.delayMs).toBe(60_000)
    await clock.advance(60_000)
    expect(sends).toHaveLength(2)
  })
})

function failing(): never {
  throw new Error('bug')
}

describe('an entry without a key', () => {
  it('is sent once, and reported when it may have got there', async () => {
    const { enqueue, fail, sends, clock, of, waiting } = world()
    await enqueue('a', { idempotencyKey: false })
    await fail(failure({ reached: 'maybe' }))
    await clock.runAll()
    expect(sends).toHaveLength(1)
    expect(of('failed')).toMatchObject([{ reason: 'notIdempotent', entry: { payload: 'a' } }])
    expect(await waiting()).toEqual([])
  })

  it.each([['yes'], ['maybe']] as const)(
    'is not sent again when it got there: %s',
    async (reached) => {
      const { enqueue, fail, sends, clock } = world()
      await enqueue('a', { idempotencyKey: false })
      await fail(failure({ reached, retryAfterMs: 1000 }))
      await clock.runAll()
      expect(sends).toHaveLength(1)
    },
  )

  it.each([
    ['isFinal', { isFinal: (): never => failing() }],
    ['backoff', { backoff: (): never => failing() }],
  ])('is not sent again when %s throws', async (_what, options) => {
    const { enqueue, fail, sends, clock, of } = world(options)
    await enqueue('a', { idempotencyKey: false })
    await fail(failure({ reached: 'maybe' }))
    await clock.runAll()
    expect(sends).toHaveLength(1)
    expect(of('failed')).toMatchObject([
      { reason: 'notIdempotent', error: { code: 'UNAVAILABLE' } },
    ])
  })

  it('is sent again when it certainly did not', async () => {
    const { enqueue, fail, sends, clock, of, succeed } = world()
    await enqueue('a', { idempotencyKey: false })
    await fail(circuitOpen(1000))
    await clock.advance(1500)
    expect(sends).toHaveLength(2)
    await succeed()
    expect(of('sent')).toHaveLength(1)
  })
})

describe('an entry that the server refuses for good', () => {
  it('is dropped, and reported with all of it', async () => {
    const { enqueue, fail, of, waiting, payloads } = world()
    await enqueue('a')
    await enqueue('b')
    await fail(conflict())
    expect(of('failed')).toMatchObject([
      { reason: 'rejected', error: { code: 'CONFLICT' }, entry: { payload: 'a' } },
    ])
    expect(payloads()).toEqual(['a', 'b'])
    expect(await waiting()).toEqual(['b'])
  })

  it('is sent again when the app says so, its lane waiting and no other', async () => {
    const { enqueue, fail, sends, clock, payloads } = world({ resolution: () => 'retry' })
    await enqueue('a', { lane: 'a' })
    await fail(conflict())
    await enqueue('behind a', { lane: 'a' })
    await enqueue('b', { lane: 'b' })
    expect(payloads()).toEqual(['a', 'b'])
    await clock.advance(525)
    expect(payloads()).toEqual(['a', 'b', 'a'])
    expect(sends[2]?.entry.idempotencyKey).toBe(sends[0]?.entry.idempotencyKey)
  })

  it('may be replaced, at the head of its lane and with a new key', async () => {
    const { enqueue, fail, sends, clock, payloads } = world({
      resolution: async ({ entry }) => ({ replace: `${entry.payload} merged` }),
    })
    await enqueue('a')
    await enqueue('b')
    await fail(conflict())
    await clock.advance(525)
    expect(payloads()).toEqual(['a', 'a merged'])
    const [before, after] = sends.map(({ entry }) => entry)
    expect(after?.idempotencyKey).not.toBe(before?.idempotencyKey)
    expect(after).toMatchObject({ bytes: 8, attempts: 2 })
  })

  it('stays without a key when it is replaced', async () => {
    const { enqueue, fail, sends, clock } = world({ resolution: () => ({ replace: 'b' }) })
    await enqueue('a', { idempotencyKey: false })
    await fail(conflict())
    await clock.advance(525)
    expect(sends[1]?.entry).toMatchObject({ payload: 'b', idempotencyKey: undefined })
  })

  it('is given up after maxAttempts whatever the app says, but dropped if that is what it says', async () => {
    for (const [resolution, reason] of [
      ['retry', 'attemptsExhausted'],
      ['drop', 'rejected'],
    ] as const) {
      const { enqueue, clock, of, sends } = world({
        maxAttempts: resolution === 'drop' ? 1 : 2,
        resolution: () => resolution,
        answer: () => {
          throw conflict()
        },
      })
      await enqueue('a')
      await clock.runAll(600_000)
      expect(of('failed')).toMatchObject([{ reason }])
      expect(sends).toHaveLength(resolution === 'drop' ? 1 : 2)
    }
  })

  it.each([
    ['throws', () => Promise.reject(new Error('bug')), 'bug'],
    ['never settles', () => new Promise<never>(() => {}), 'No result within'],
    ['gives null', () => null as never, 'got null'],
    ['gives nothing', () => undefined as never, 'got undefined'],
    ['gives an object that replaces nothing', () => ({}) as never, 'got [object Object]'],
    ['gives a misspelt word', () => 'Drop' as never, 'got Drop'],
  ])('is kept when the resolution %s', async (_what, resolution, message) => {
    const { enqueue, fail, sends, clock, of } = world({ resolution, sendTimeoutMs: 5000 })
    await enqueue('a')
    await fail(conflict())
    await clock.advance(5000)
    expect(of('failed')).toEqual([])
    const [{ error } = { error: undefined }] = of('retryScheduled')
    expect(String(error)).toContain(message)
    await clock.advance(60_000)
    expect(sends.map(({ entry }) => entry.payload)).toEqual(['a', 'a'])
  })

  it('is what isFinal says', async () => {
    const { enqueue, fail, of } = world({
      isFinal: ({ error, entry }) => entry.payload === 'a' && error === 'no',
    })
    await enqueue('a')
    await fail('no')
    expect(of('failed')).toMatchObject([{ reason: 'rejected', error: 'no' }])
    await enqueue('b')
    await fail('no')
    expect(of('failed')).toHaveLength(1)
  })

  it('is no failure of the server: waits of others do not grow by it', async () => {
    const { enqueue, fail, of, clock } = world({ resolution: () => 'retry' })
    await enqueue('a', { lane: 'a' })
    await fail()
    await clock.advance(525)
    await fail(conflict())
    await enqueue('b', { lane: 'b' })
    await clock.advance(1000)
    await fail()
    expect(of('retryScheduled').map(({ delayMs }) => delayMs)).toEqual([525, 1025, 525])
  })
})
