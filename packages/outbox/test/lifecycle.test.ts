import { describe, expect, it } from 'vitest'
import type { OutboxEntry, OutboxStore, StoreChange } from '../src/index.ts'
import { memoryStore } from '../src/memory.ts'
import { failure, manualClock, type WorldOptions, world } from './world.ts'

/** A store with stored values of its own choice. */
function storeOf(values: Record<string, unknown>): OutboxStore {
  return memoryStore(
    Object.entries(values).map(([id, value]) => ({ ...Object(value), id }) as never),
  )
}

const whole: OutboxEntry<string> = {
  version: 1,
  id: 'b',
  revision: 1,
  lane: 'default',
  priority: 'important',
  payload: 'whole',
  idempotencyKey: 'key',
  dedupKey: undefined,
  bytes: 5,
  enqueuedAtMs: Date.UTC(2022, 0, 25, 16, 47),
  expiresAtMs: Date.UTC(2022, 0, 25, 17, 10),
  attempts: 0,
  firstSentAtMs: undefined,
  leaseUntilMs: undefined,
  wait: undefined,
}

describe('pause and resume', () => {
  it('start nothing meanwhile, and resolve when nothing is under way', async () => {
    const { enqueue, outbox, sends, succeed, settle, clock } = world()
    await enqueue('a')
    await enqueue('b')
    let isIdle = false
    outbox.pause().then(() => {
      isIdle = true
    })
    await settle()
    expect(isIdle).toBe(false)
    await succeed()
    expect(isIdle).toBe(true)
    expect(sends).toHaveLength(1)
    await outbox.pause()
    outbox.resume()
    await clock.advance(500)
    expect(sends).toHaveLength(2)
  })

  it('resolve when the pause is taken back before that', async () => {
    const { enqueue, outbox, sends } = world()
    await enqueue('a')
    const paused = outbox.pause()
    outbox.resume()
    expect(await paused).toBe(undefined)
    expect(sends).toHaveLength(1)
  })

  it('keep entries coming in', async () => {
    const { enqueue, outbox, sends, waiting, clock } = world()
    await outbox.pause()
    await enqueue('a')
    await clock.advance(60_000)
    expect(sends).toHaveLength(0)
    expect(await waiting()).toEqual(['a'])
    outbox.resume()
    outbox.resume()
    await clock.advance(500)
    expect(sends).toHaveLength(1)
  })

  it('do not cut a wait short', async () => {
    const { enqueue, outbox, sends, fail, clock } = world()
    await enqueue('a')
    for (let each = 0; each < 5; each++) {
      await fail()
      await clock.advance(each < 4 ? 10_000 : 0)
    }
    await outbox.pause()
    outbox.resume()
    await clock.advance(8000)
    expect(sends).toHaveLength(5)
  })
})

describe('close', () => {
  it('leaves no timer, no listener, and cancels what is under way', async () => {
    const { enqueue, outbox, clock, signals, sends, events } = world()
    await enqueue('a')
    await enqueue('b')
    expect(clock.pending).toBeGreaterThan(0)
    expect(signals.listeners.size).toBe(1)
    const before = events.length
    await outbox.close()
    await clock.advance(0)
    expect(clock.pending).toBe(0)
    expect(signals.listeners.size).toBe(0)
    expect(sends[0]?.signal.reason).toMatchObject({ code: 'OUTBOX_CLOSED' })
    expect(events).toHaveLength(before)
  })

  it('lets the next one over the same store go on: what was under way goes again with its key', async () => {
    const first = world()
    const { idempotencyKey } = await first.enqueue('a')
    await first.enqueue('b')
    await first.outbox.close()
    const second = world({ store: first.store, clock: first.clock, answer: () => 'ok' })
    await second.clock.advance(10_000)
    expect(second.told()).toEqual(['sending a', 'sent a', 'sending b', 'sent b'])
    expect(second.sends[0]?.entry).toMatchObject({ idempotencyKey, attempts: 2 })
  })

  it('of what was under way without a key, the next one reports that nobody knows', async () => {
    const first = world()
    await first.enqueue('a', { idempotencyKey: false })
    await first.enqueue('b', { idempotencyKey: false })
    await first.outbox.close()
    const second = world({ store: first.store, clock: first.clock, answer: () => 'ok' })
    await second.clock.advance(10_000)
    expect(second.told()).toEqual(['failed a', 'sending b', 'sent b'])
    expect(second.of('failed')).toMatchObject([{ reason: 'outcomeUnknown' }])
  })

  it('refuses all that comes later, and may be called again', async () => {
    const { outbox } = world()
    await outbox.close()
    await outbox.close()
    await outbox[Symbol.asyncDispose]()
    outbox.flush()
    outbox.resume()
    await outbox.pause()
    for (const call of [
      () => outbox.enqueue('a'),
      () => outbox.entries(),
      () => outbox.edit('a', 'b'),
      () => outbox.remove('a'),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'OUTBOX_CLOSED' })
  })

  it('ends a pause that waits, and a resolution', async () => {
    const { enqueue, outbox, fail, clock, store } = world({
      resolution: () => new Promise<never>(() => {}),
    })
    await enqueue('a')
    await fail(failure({ transient: false }))
    const idle = outbox.pause()
    await outbox.close()
    await idle
    await clock.advance(0)
    expect(clock.pending).toBe(0)
    expect(await store.read()).toHaveLength(1)
  })

  it('before the first look at the store leaves nothing either', async () => {
    const { outbox, clock, settle } = world({ store: storeOf({ b: whole }) })
    await outbox.close()
    await settle()
    expect(clock.pending).toBe(0)
  })
})

describe('a stored value that cannot be read', () => {
  const { lane: _, ...withoutLane } = whole
  const { payload: __, ...withoutPayload } = whole

  it.each([
    ['of a later version', { ...whole, version: 9 }, 'futureVersion'],
    ['of a later version with nothing known', { version: 2 }, 'futureVersion'],
    ['of no version', { ...whole, version: undefined }, 'corrupt'],
    ['without a lane', withoutLane, 'corrupt'],
    ['without a payload', withoutPayload, 'corrupt'],
    ['with a text for a number', { ...whole, attempts: '3' }, 'corrupt'],
    ['with no number', { ...whole, expiresAtMs: null }, 'corrupt'],
    ['with NaN', { ...whole, bytes: Number.NaN }, 'corrupt'],
    ['with a number for a key', { ...whole, idempotencyKey: 7 }, 'corrupt'],
    ['with a priority that there is not', { ...whole, priority: 'urgent' }, 'corrupt'],
    ['with a bad lease', { ...whole, leaseUntilMs: 'soon' }, 'corrupt'],
    ['with a bad wait', { ...whole, wait: { fromMs: 1 } }, 'corrupt'],
    ['with a wait that is none', { ...whole, wait: 7 }, 'corrupt'],
    ['that is a prototype trick', JSON.parse('{"__proto__":{"version":1}}'), 'corrupt'],
  ])('%s is set aside and told, and the rest goes on', async (_what, value, reason) => {
    const store = storeOf({ a: value, b: whole })
    const { of, told, settle, sends, outbox } = world({ store, answer: () => 'ok' })
    await settle()
    expect(of('setAside')).toMatchObject([{ id: 'a', reason, value: { id: 'a' } }])
    expect(told()).toContain('sent whole')
    expect(sends).toHaveLength(1)
    expect(outbox.counts).toMatchObject({ waiting: 0, setAside: 1 })
    expect(await store.read()).toMatchObject([['a', { id: 'a' }]])
  })

  it('is told once, and can be removed', async () => {
    const store = storeOf({ a: { version: 9 } })
    const { of, outbox, enqueue, succeed } = world({ store })
    await enqueue('x')
    await succeed()
    await enqueue('y')
    expect(of('setAside')).toHaveLength(1)
    expect(await outbox.remove('a')).toBe(true)
    expect(outbox.counts.setAside).toBe(0)
    expect((await store.read()).map(([, value]) => (value as OutboxEntry).payload)).toEqual(['y'])
    expect(await outbox.remove('a')).toBe(false)
  })
})

describe('a store that fails', () => {
  const broken = new Error('disk on fire')
  const always = () => true

  /** A store whose reads and writes fail when the test says so. */
  function moody({ isDown = false, ...options }: WorldOptions & { isDown?: boolean } = {}) {
    const inner = memoryStore()
    const fails: { read: () => boolean; write: (changes: readonly StoreChange[]) => boolean } = {
      read: () => isDown,
      write: () => isDown,
    }
    const made = world({
      store: {
        read: async () => {
          if (fails.read()) throw broken
          return inner.read()
        },
        write: async (changes) => {
          if (fails.write(changes)) throw broken
          return inner.write(changes)
        },
        close: () => inner.close(),
      },
      ...options,
    })
    return Object.assign(made, {
      inner,
      fails,
      mend() {
        fails.read = fails.write = () => false
      },
    })
  }

  it('makes enqueue reject with its error, and what was refused is never sent', async () => {
    const { outbox, fails, mend, settle, payloads, enqueue, waiting, clock } = moody()
    await settle()
    fails.write = always
    await expect(outbox.enqueue('a')).rejects.toBe(broken)
    expect(outbox.counts).toMatchObject({ waiting: 0, bytes: 0 })
    mend()
    await enqueue('b')
    expect(await waiting()).toEqual(['b'])
    await clock.advance(10_000)
    expect(payloads()).toEqual(['b'])
  })

  it('is told, left alone for a while, and tried again', async () => {
    const { enqueue, fails, mend, of, succeed, clock, payloads } = moody()
    await enqueue('a')
    await enqueue('b')
    fails.read = fails.write = always
    await succeed()
    expect(of('sent')).toHaveLength(1)
    expect(of('storeFailed')).toMatchObject([{ error: broken }])
    await clock.advance(9999)
    expect(of('storeFailed')).toHaveLength(1)
    await clock.advance(1)
    expect(of('storeFailed')).toHaveLength(2)
    mend()
    await clock.advance(10_000)
    expect(payloads()).toEqual(['a', 'b'])
  })

  it('forgets in the end what was sent, and does not have it sent again', async () => {
    const { enqueue, fails, mend, succeed, clock, inner, outbox, sends } = moody()
    await enqueue('a')
    fails.write = always
    await succeed()
    expect(outbox.counts).toMatchObject({ waiting: 0, sending: 0 })
    await clock.advance(30_000)
    expect(await inner.read()).toHaveLength(1)
    mend()
    await clock.advance(10_000)
    expect(await inner.read()).toEqual([])
    expect(sends).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  it('has nothing sent whose mark it does not take', async () => {
    const { enqueue, fails, mend, succeed, clock, payloads, of } = moody()
    await enqueue('a')
    await enqueue('b')
    fails.write = ([change]) => change?.entry?.leaseUntilMs !== undefined
    await succeed()
    expect(payloads()).toEqual(['a'])
    expect(of('storeFailed')).toHaveLength(1)
    await clock.advance(10_000)
    expect(of('storeFailed')).toHaveLength(2)
    mend()
    await clock.advance(10_000)
    expect(payloads()).toEqual(['a', 'b'])
  })

  it('finds again what it could not put back, and sends it with the same key', async () => {
    const { enqueue, fails, mend, fail, clock, sends } = moody()
    await enqueue('a')
    fails.write = always
    await fail()
    mend()
    await clock.advance(20_000)
    expect(sends.map(({ entry }) => entry.attempts)).toEqual([1, 2])
    expect(sends[1]?.entry.idempotencyKey).toBe(sends[0]?.entry.idempotencyKey)
  })

  it('keeps no pause from resolving', async () => {
    const { settle, outbox } = moody({ isDown: true })
    await settle()
    let isIdle = false
    outbox.pause().then(() => {
      isIdle = true
    })
    await settle()
    expect(isIdle).toBe(true)
  })

  it('since it was closed meanwhile makes enqueue say so', async () => {
    const { outbox, fails } = moody()
    fails.write = always
    const entry = outbox.enqueue('a')
    const refused = expect(entry).rejects.toMatchObject({ code: 'OUTBOX_CLOSED', cause: broken })
    await outbox.close()
    await refused
  })

  it('at the start is read again later', async () => {
    const { settle, of, outbox, mend, enqueue, clock, payloads } = moody({ isDown: true })
    await settle()
    expect(of('storeFailed')).toHaveLength(1)
    await expect(outbox.enqueue('a')).rejects.toBe(broken)
    mend()
    await enqueue('b')
    await clock.advance(11_000)
    expect(payloads()).toEqual(['b'])
  })

  it('throws at once instead of rejecting: the same', async () => {
    const refuse = () => {
      throw broken
    }
    const { outbox, settle, types } = world({
      store: { read: refuse, write: refuse, close: async () => {} },
    })
    await settle()
    await expect(outbox.enqueue('a')).rejects.toBe(broken)
    expect(types()).toContain('storeFailed')
    await outbox.close()
  })

  it('says that pages change it all the time: enqueue gives up', async () => {
    const { outbox } = world({
      store: { read: async () => [], write: async () => false, close: async () => {} },
    })
    await expect(outbox.enqueue('a')).rejects.toMatchObject({ code: 'STORE_CONFLICT' })
    expect(outbox.counts.waiting).toBe(0)
  })
})

describe('signals', () => {
  it('are those of the store, also where an option is undefined', async () => {
    const { signals, store } = world()
    signals.online = false
    const { enqueue, sends, clock } = world({
      store: { ...store, signals },
      signals: undefined,
    })
    await enqueue('a')
    await clock.advance(5000)
    expect(sends).toHaveLength(0)
  })
})

describe('listeners', () => {
  it('may call the outbox back', async () => {
    const clock = manualClock()
    const made = world({
      clock,
      answer: () => 'ok',
      ttlMs: 60_000,
      onEvent(event) {
        made.outbox.flush()
        if (event.type === 'sent' && event.entry.payload === 'a') void made.outbox.enqueue('b')
        if (event.type === 'expired') made.outbox.resume()
      },
    })
    await made.enqueue('a')
    await clock.advance(10_000)
    expect(made.payloads()).toEqual(['a', 'b'])
  })

  it('that throw break nothing', async () => {
    const { error } = console
    const said: unknown[] = []
    console.error = (...args: unknown[]) => said.push(args)
    try {
      const { enqueue, sends, succeed, waiting } = world({
        onEvent() {
          throw new Error('bug')
        },
      })
      await enqueue('a')
      await succeed()
      expect(sends).toHaveLength(1)
      expect(await waiting()).toEqual([])
      expect(said).toHaveLength(3)
    } finally {
      console.error = error
    }
  })
})
