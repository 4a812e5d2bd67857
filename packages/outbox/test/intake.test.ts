import { describe, expect, it } from 'vitest'
import { dropOldest, type OutboxEntry, payloadBytes, type StoreChange } from '../src/index.ts'
import { failure, world } from './world.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

describe('the bounds', () => {
  it.each([
    ['maxEntries', { maxEntries: 2 }, 'x'],
    ['maxBytes', { maxBytes: 25 }, 'twenty bytes of text'],
  ])('turn a new entry away: %s', async (_name, options, third) => {
    const { outbox, enqueue, of, waiting } = world(options)
    await enqueue('first')
    await enqueue('b')
    await expect(outbox.enqueue(third)).rejects.toMatchObject({ code: 'QUEUE_FULL' })
    expect(of('quotaExceeded')).toMatchObject([{ error: { code: 'QUEUE_FULL' } }])
    expect(await waiting()).toEqual(['first', 'b'])
    expect(outbox.counts).toMatchObject({ waiting: 1, sending: 1, bytes: 6 })
  })

  it('hold for entries that come at once', async () => {
    const { outbox, waiting } = world({ maxEntries: 3 })
    const outcomes = await Promise.allSettled(
      ['a', 'b', 'c', 'd', 'e'].map((each) => outbox.enqueue(each)),
    )
    expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual([
      true,
      true,
      true,
      false,
      false,
    ])
    expect(await waiting()).toEqual(['a', 'b', 'c'])
  })

  it('take entries again once there is room', async () => {
    const { enqueue, outbox, succeed, waiting } = world({ maxEntries: 1 })
    await enqueue('a')
    await expect(outbox.enqueue('b')).rejects.toThrow('1 entries')
    await succeed()
    await enqueue('b')
    expect(await waiting()).toEqual(['b'])
  })

  it('drop the oldest that waits when asked to, and say so', async () => {
    const { enqueue, told, waiting, store } = world({ maxEntries: 3, overflow: dropOldest })
    for (const each of ['under way', 'a', 'b', 'c']) await enqueue(each)
    expect(await waiting()).toEqual(['under way', 'b', 'c'])
    expect((await store.read()).length).toBe(3)
    expect(told().slice(-2)).toEqual(['evicted a', 'stored c'])
  })

  it('drop the least important first, and nothing more important than what comes', async () => {
    const { enqueue, outbox, waiting } = world({
      maxEntries: 4,
      maxConcurrent: 1,
      overflow: dropOldest,
      priority: (lane) => lane as 'critical',
    })
    await enqueue('under way', { lane: 'critical' })
    for (const lane of ['critical', 'important', 'deferred']) await enqueue(lane, { lane })
    const lanes = async () => (await outbox.entries()).map(({ lane }) => lane).slice(1)
    await enqueue('x', { lane: 'important' })
    expect(await lanes()).toEqual(['critical', 'important', 'important'])
    await enqueue('y', { lane: 'critical' })
    expect(await lanes()).toEqual(['critical', 'important', 'critical'])
    await expect(outbox.enqueue('z', { lane: 'deferred' })).rejects.toMatchObject({
      code: 'QUEUE_FULL',
    })
    expect(await waiting()).toHaveLength(4)
  })

  it('drop as many as it takes, or none when that is not enough', async () => {
    const { enqueue, outbox, waiting } = world({ maxBytes: 20, overflow: dropOldest })
    for (const each of ['under way', 'aaa', 'bbb', 'ccc']) await enqueue(each)
    await enqueue('123456')
    expect(await waiting()).toEqual(['under way', 'ccc', '123456'])
    await expect(outbox.enqueue('123456789 12')).rejects.toMatchObject({ code: 'QUEUE_FULL' })
    expect(await waiting()).toEqual(['under way', 'ccc', '123456'])
  })
})

it.each([
  ['too little', () => []],
  ['what there is not', () => [{}] as never],
  ['no list', () => 'oldest' as never],
])('an overflow that drops %s makes no room', async (_what, overflow) => {
  const { enqueue, outbox, waiting, store } = world({ maxEntries: 2, overflow })
  await enqueue('a')
  await enqueue('b')
  await expect(outbox.enqueue('c')).rejects.toMatchObject({ code: 'QUEUE_FULL' })
  expect(await waiting()).toEqual(['a', 'b'])
  expect(await store.read()).toHaveLength(2)
})

it('an overflow drops what waits, and each once, whatever it names', async () => {
  const named: OutboxEntry[] = []
  const { enqueue, waiting, told } = world({ maxEntries: 3, overflow: () => named })
  const underWay = await enqueue('under way')
  const a = await enqueue('a')
  await enqueue('b')
  named.push(underWay, a, a)
  await enqueue('c')
  expect(await waiting()).toEqual(['under way', 'b', 'c'])
  expect(told().filter((what) => what.startsWith('evicted'))).toEqual(['evicted a'])
})

describe('a store without room', () => {
  /** A store that refuses to hold more than so many entries. */
  async function fullAt(limit: number, options = {}) {
    const made = world(options)
    const { write } = made.store
    Object.assign(made.store, {
      async write(changes: readonly { revision: number; entry: unknown }[]) {
        const added = changes.filter(({ revision, entry }) => revision === 0 && entry).length
        const removed = changes.filter(({ entry }) => !entry).length
        const { length } = await made.store.read()
        if (added > 0 && length + added - removed > limit) throw failure({}, 'QUOTA_EXCEEDED')
        return write(changes as never)
      },
    })
    return made
  }

  it('makes enqueue reject, and drops nothing', async () => {
    const { enqueue, outbox, of, waiting, settle } = await fullAt(2)
    await enqueue('a')
    await enqueue('b')
    const outcome = outbox.enqueue('c')
    await expect(outcome).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
    expect(of('quotaExceeded')).toMatchObject([{ error: { code: 'QUOTA_EXCEEDED' } }])
    await settle()
    expect(await waiting()).toEqual(['a', 'b'])
  })

  it('gets room by dropping the oldest when asked to', async () => {
    const { enqueue, told, waiting } = await fullAt(3, { overflow: dropOldest })
    for (const each of ['under way', 'a', 'b', 'c']) await enqueue(each)
    expect(await waiting()).toEqual(['under way', 'b', 'c'])
    expect(told().slice(-2)).toEqual(['evicted a', 'stored c'])
  })

  it('tells when that never is enough, however many wait', async () => {
    const { outbox, store, enqueue, of, waiting } = world({ overflow: dropOldest })
    for (let each = 0; each < 40; each++) await enqueue(`${each}`)
    // A full disk, to which removals are written, too.
    store.write = async () => {
      throw failure({}, 'QUOTA_EXCEEDED')
    }
    await expect(outbox.enqueue('more')).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
    expect(of('quotaExceeded')).toMatchObject([{ error: { code: 'QUOTA_EXCEEDED' } }])
    expect(await waiting()).toHaveLength(40)
  })

  it('gets room for something big by dropping many', async () => {
    const { outbox, store, enqueue, told, waiting } = world({ overflow: dropOldest })
    for (let each = 0; each < 40; each++) await enqueue(`${each}`)
    const { write } = store
    store.write = async (changes) => {
      if (changes.some(({ entry }) => entry?.payload === 'big') && changes.length < 30)
        throw failure({}, 'QUOTA_EXCEEDED')
      return write(changes)
    }
    await outbox.enqueue('big')
    const latest = Array.from({ length: 8 }, (_, each) => `${32 + each}`)
    expect(await waiting()).toEqual(['0', ...latest, 'big'])
    expect(told().at(-1)).toBe('stored big')
  })

  it('tells when even that is not enough', async () => {
    const { outbox, enqueue, waiting } = await fullAt(0, { overflow: dropOldest })
    await expect(outbox.enqueue('a')).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
    await expect(enqueue('b')).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
    expect(await waiting()).toEqual([])
  })
})

describe('a dedupKey', () => {
  it('lets a later entry take the place of one that waits', async () => {
    const { enqueue, told, waiting, succeed, payloads } = world()
    await enqueue('under way')
    await enqueue('draft 1', { dedupKey: 'draft' })
    await enqueue('between')
    await enqueue('draft 2', { dedupKey: 'draft' })
    expect(await waiting()).toEqual(['under way', 'between', 'draft 2'])
    expect(told().slice(-2)).toEqual(['superseded draft 1', 'stored draft 2'])
    for (let each = 0; each < 3; each++) await succeed()
    expect(payloads()).toEqual(['under way', 'between', 'draft 2'])
  })

  it('leaves alone what is under way', async () => {
    const { enqueue, payloads, succeed, waiting } = world()
    await enqueue('draft 1', { dedupKey: 'draft' })
    await enqueue('draft 2', { dedupKey: 'draft' })
    await enqueue('draft 3', { dedupKey: 'draft' })
    expect(await waiting()).toEqual(['draft 1', 'draft 3'])
    await succeed()
    await succeed()
    expect(payloads()).toEqual(['draft 1', 'draft 3'])
  })

  it('does away with what failed once a later one is there', async () => {
    const { enqueue, fail, told, waiting, clock, payloads } = world()
    await enqueue('draft 1', { dedupKey: 'draft' })
    await enqueue('draft 2', { dedupKey: 'draft' })
    await fail()
    expect(await waiting()).toEqual(['draft 2'])
    expect(told().at(-1)).toBe('superseded draft 1')
    await clock.advance(524)
    expect(payloads()).toEqual(['draft 1'])
    await clock.advance(1)
    expect(payloads()).toEqual(['draft 1', 'draft 2'])
  })

  it('of two that come at once keeps the later', async () => {
    const { outbox, waiting, enqueue } = world()
    await enqueue('under way')
    await Promise.all(['a', 'b', 'c'].map((each) => outbox.enqueue(each, { dedupKey: 'same' })))
    expect(await waiting()).toEqual(['under way', 'c'])
  })

  it('makes room by what it takes the place of', async () => {
    const { enqueue, waiting } = world({ maxEntries: 2 })
    await enqueue('under way')
    await enqueue('draft 1', { dedupKey: 'draft' })
    await enqueue('draft 2', { dedupKey: 'draft' })
    expect(await waiting()).toEqual(['under way', 'draft 2'])
  })

  it('turns the later one away with duplicates: reject', async () => {
    const { enqueue, outbox, waiting, succeed, fail, clock } = world({ duplicates: 'reject' })
    await enqueue('under way')
    await enqueue('a', { dedupKey: 'same' })
    await expect(outbox.enqueue('b', { dedupKey: 'same' })).rejects.toMatchObject({
      code: 'DUPLICATE_ENTRY',
    })
    expect(await waiting()).toEqual(['under way', 'a'])
    await succeed()
    await fail()
    await clock.advance(0)
    await enqueue('c', { dedupKey: 'other' })
    expect(await waiting()).toEqual(['a', 'c'])
  })
})

describe('edit and remove', () => {
  it('change what waits', async () => {
    const { enqueue, outbox, succeed, payloads, told, waiting } = world()
    await enqueue('under way')
    const [a, b] = [await enqueue('a'), await enqueue('b')]
    expect(await outbox.edit(a.id, 'a, edited')).toBe(true)
    expect(await outbox.remove(b.id)).toBe(true)
    expect(await waiting()).toEqual(['under way', 'a, edited'])
    expect(told().slice(-2)).toEqual(['edited a, edited', 'removed b'])
    expect(outbox.counts).toMatchObject({ bytes: 18 })
    await succeed()
    expect(payloads()).toEqual(['under way', 'a, edited'])
  })

  it('leave alone what is under way, or gone', async () => {
    const { enqueue, outbox, succeed } = world()
    const { id } = await enqueue('a')
    expect([await outbox.edit(id, 'b'), await outbox.remove(id)]).toEqual([false, false])
    await succeed()
    expect([await outbox.edit(id, 'b'), await outbox.remove(id)]).toEqual([false, false])
  })

  it('an entry that may have reached the server keeps its payload, as its key is known there', async () => {
    const { enqueue, outbox, fail } = world()
    const { id } = await enqueue('a')
    await fail()
    expect(await outbox.edit(id, 'b')).toBe(false)
    expect(await outbox.remove(id)).toBe(true)
  })

  it('one that certainly did not may be edited', async () => {
    const { enqueue, outbox, fail, payloads, clock } = world()
    const { id } = await enqueue('a')
    await fail(failure({ reached: 'no' }))
    expect(await outbox.edit(id, 'b')).toBe(true)
    await clock.advance(1000)
    expect(payloads()).toEqual(['a', 'b'])
  })

  it('keep to maxBytes', async () => {
    const { enqueue, outbox } = world({ maxBytes: 10 })
    await enqueue('a')
    const { id } = await enqueue('b')
    await expect(outbox.edit(id, '1234567890')).rejects.toMatchObject({ code: 'QUEUE_FULL' })
    expect(await outbox.edit(id, '123456789')).toBe(true)
  })
})

describe('what enqueue is given', () => {
  it.each([
    [{ ttlMs: 0 }, 'outbox: ttlMs must be a number from 1 to 9007199254740991, got 0'],
    [{ ttlMs: Infinity }, 'got Infinity'],
    [{ idempotencyKey: '' }, 'outbox: idempotencyKey must not be empty'],
    [{ idempotencyKey: 7 }, 'outbox: idempotencyKey must be of type string or undefined, got 7'],
    [
      { idempotencyKey: null },
      'outbox: idempotencyKey must be of type string or undefined, got null',
    ],
    [{ lane: 7 }, 'outbox: lane must be of type string, got 7'],
    [{ lane: null }, 'outbox: lane must be of type string, got null'],
    [{ dedupKey: 7 }, 'outbox: dedupKey must be of type string or undefined, got 7'],
    [{ dedupeKey: 'draft' }, 'outbox: there is no option dedupeKey'],
  ])('is checked: %o', async (options, message) => {
    const { outbox, store } = world()
    await expect(outbox.enqueue('a', options as never)).rejects.toThrow(message)
    expect(await store.read()).toEqual([])
  })

  it('in one moment is in order after a reload, too', async () => {
    let keys = 1000
    const first = world({ createKey: () => `key-${--keys}` })
    first.signals.online = false
    await Promise.all(['a', 'b', 'c'].map((each) => first.outbox.enqueue(each)))
    await first.outbox.close()
    const second = world({ store: first.store, clock: first.clock })
    expect(await second.waiting()).toEqual(['a', 'b', 'c'])
  })

  it('keeps its place though it is stored at the second try, after what came later', async () => {
    const { store, outbox, settle, waiting, succeed, payloads } = world()
    const { write } = store
    let isFirst = true
    Object.assign(store, {
      write(changes: readonly StoreChange[]) {
        // As when another page was faster.
        if (!isFirst) return write(changes)
        isFirst = false
        return Promise.resolve(false)
      },
    })
    const [a, b] = [outbox.enqueue('a'), outbox.enqueue('b')]
    await settle()
    expect((await a).id < (await b).id).toBe(true)
    expect(await waiting()).toEqual(['a', 'b'])
    await succeed()
    expect(payloads()).toEqual(['a', 'b'])
  })

  it('must be something that can be stored', async () => {
    const { outbox, store } = world()
    await expect(outbox.enqueue((() => {}) as never)).rejects.toThrow('could not be cloned')
    expect(await store.read()).toEqual([])
  })

  it('has a priority that there is', async () => {
    const { outbox } = world({ priority: () => 'urgent' as never })
    await expect(outbox.enqueue('a')).rejects.toThrow(
      'outbox: priority must be critical or important or deferred, got urgent',
    )
  })
})

describe('payloadBytes', () => {
  const cyclic: Record<string, unknown> = { text: 'abc' }
  cyclic.self = cyclic

  it.each([
    ['text', 'héllo', 5],
    ['a number', 7, 8],
    ['nothing', undefined, 8],
    ['bytes', bytes('12345'), 5],
    ['a buffer', new ArrayBuffer(7), 7],
    ['a Blob', new Blob(['123456']), 6],
    ['a list', ['ab', 'c', 1], 8 + 3 + 8],
    ['an object', { name: 'abc' }, 8 + 4 + 3],
    ['a Map', new Map([['k', 'abc']]), 8 + (8 + 1 + 3)],
    ['a Set', new Set(['abc']), 8 + 3],
    ['nested', { a: { b: ['cd'] } }, 8 + 1 + (8 + 1 + (8 + 2))],
    ['an object that says how long it is', { byteLength: 'x', size: 1e9 }, 8 + 10 + 1 + 4 + 8],
    ['a cycle', cyclic, 8 + 4 + 3 + 4 + 8],
  ])('measures %s', (_what, value, expected) => {
    expect(payloadBytes(value)).toBe(expected)
  })
})

describe('the options', () => {
  it.each([
    [{ ttlMs: 0 }, 'ttlMs'],
    [{ keyLifeMs: -1 }, 'keyLifeMs'],
    [{ maxEntries: 0 }, 'maxEntries'],
    [{ maxBytes: Number.NaN }, 'maxBytes'],
    [{ maxConcurrent: '4' as never }, 'maxConcurrent'],
    [{ maxAttempts: Infinity }, 'maxAttempts'],
    [{ sendTimeoutMs: 0 }, 'sendTimeoutMs'],
    [{ replay: { startWindowMs: 0 } }, 'startWindowMs'],
    [{ replay: { startGapMs: 0 } }, 'startGapMs'],
    [{ replay: { halveMs: 0 } }, 'halveMs'],
    [{ replay: { minGapMs: 0 } }, 'minGapMs'],
    [{ duplicates: 'ignore' as never }, 'duplicates'],
    [{ duplicates: null as never }, 'duplicates'],
    [{ overflow: 'dropOldest' as never }, 'overflow'],
    [{ backoff: 1000 as never }, 'backoff'],
    [{ replay: 'slow' as never }, 'replay'],
    [{ priority: 'critical' as never }, 'priority'],
    [{ isFinal: true as never }, 'isFinal'],
    [{ resolution: 'retry' as never }, 'resolution'],
    [{ onEvent: 'log' as never }, 'onEvent'],
    [{ createKey: 'key' as never }, 'createKey'],
    [{ random: 0.5 as never }, 'random'],
  ])('are checked at creation: %o', (options, name) => {
    expect(() => world(options)).toThrow(new RegExp(`^outbox: ${name} must be .*, got `))
  })

  it.each([
    [{ ttlMS: 5 }, 'ttlMS'],
    [{ replay: { startGap: 5 } }, 'startGap'],
  ])('that are misspelt are refused at creation: %o', (options, name) => {
    expect(() => world(options as never)).toThrow(`outbox: there is no option ${name}`)
  })

  it('that are undefined have their defaults', () => {
    expect(() => world({ ttlMs: undefined, backoff: undefined, replay: undefined })).not.toThrow()
  })
})
