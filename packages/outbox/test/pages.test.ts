import { afterEach, describe, expect, it, vi } from 'vitest'
import { browser } from './fake-pages.ts'
import { failure } from './world.ts'

describe('two pages', () => {
  it('send an entry once, whoever it came from', async () => {
    const { open, clock, shared } = browser()
    const [a, b] = [open({ answer: () => 'ok' }), open({ answer: () => 'ok' })]
    for (let each = 0; each < 10; each++) {
      a.outbox.enqueue(`a${each}`)
      b.outbox.enqueue(`b${each}`)
    }
    while ((await shared.read()).length > 0 || a.sends.length + b.sends.length < 20)
      await clock.advance(100)
    const sent = [...a.payloads(), ...b.payloads()]
    expect(sent).toHaveLength(20)
    expect(new Set(sent).size).toBe(20)
  })

  it('take turns: one sends all there is, and the other its own later', async () => {
    const { open, clock } = browser()
    const [a, b] = [open({ answer: () => 'ok' }), open({ answer: () => 'ok' })]
    await a.enqueue('a')
    await b.enqueue('b')
    await clock.advance(0)
    expect([a.payloads(), b.payloads()]).toEqual([['a'], ['b']])
  })

  it('hear of each other what becomes of an entry', async () => {
    const { open, clock } = browser()
    const [a, b] = [open(), open()]
    await a.enqueue('x')
    const { id } = await b.enqueue('y')
    expect(a.told()).toEqual(['stored x', 'sending x', 'stored y'])
    expect(b.told()).toEqual(['stored x', 'stored y'])
    expect(b.events[0]).toMatchObject({ isRemote: true })
    expect(b.outbox.counts).toMatchObject({ bytes: 2 })
    await a.succeed()
    await a.succeed()
    await clock.advance(0)
    expect(a.payloads()).toEqual(['x', 'y'])
    expect(b.told().slice(2)).toEqual(['sent x', 'sent y'])
    expect(b.of('sent')[1]).toMatchObject({ isRemote: true, entry: { id } })
    expect(b.outbox.counts).toMatchObject({ waiting: 0, sending: 0, bytes: 0 })
  })

  it('can edit and remove what the other one enqueued', async () => {
    const { open, clock } = browser()
    const [a, b] = [open(), open()]
    await a.enqueue('under way')
    const [x, y] = [await a.enqueue('x'), await a.enqueue('y')]
    expect(await b.outbox.edit(x.id, 'x, edited')).toBe(true)
    expect(await b.outbox.remove(y.id)).toBe(true)
    await clock.advance(0)
    expect(await a.waiting()).toEqual(['under way', 'x, edited'])
    expect(a.told().slice(-2)).toEqual(['edited x, edited', 'removed y'])
    await a.succeed()
    expect(a.payloads()).toEqual(['under way', 'x, edited'])
  })

  it('can edit and remove what the other one has tried in vain', async () => {
    const { open } = browser()
    const [a, b] = [open(), open()]
    const [x, y] = [await a.enqueue('x'), await a.enqueue('y')]
    expect(await b.waiting()).toEqual(['x', 'y'])
    await a.fail(failure({ reached: 'no' }))
    expect(await b.outbox.edit(x.id, 'x, edited')).toBe(true)
    await a.clock.advance(1000)
    await a.fail()
    expect(await b.outbox.edit(x.id, 'too late')).toBe(false)
    expect(await b.outbox.remove(x.id)).toBe(true)
    expect((await a.outbox.entries()).map(({ id }) => id)).toEqual([y.id])
  })

  it('cannot change what the other one sends', async () => {
    const { open } = browser()
    const [a, b] = [open(), open()]
    const { id } = await a.enqueue('x')
    expect([await b.outbox.edit(id, 'z'), await b.outbox.remove(id)]).toEqual([false, false])
  })

  it('that enqueue with one dedupKey at the same time leave the later', async () => {
    const { open, clock } = browser()
    const [a, b] = [open(), open()]
    await a.enqueue('under way')
    await Promise.all([
      a.outbox.enqueue('by a', { dedupKey: 'same' }),
      b.outbox.enqueue('by b', { dedupKey: 'same' }),
    ])
    await clock.advance(0)
    expect(await a.waiting()).toHaveLength(2)
    expect(
      [...a.of('superseded'), ...b.of('superseded')].filter(({ isRemote }) => !isRemote),
    ).toHaveLength(1)
  })

  it('go on when the one that sends is gone, its entry with the same key', async () => {
    const { open, clock } = browser()
    const [a, b] = [open(), open()]
    const { idempotencyKey } = await a.enqueue('x')
    await b.enqueue('y')
    expect(b.sends).toHaveLength(0)
    await a.crash()
    await clock.advance(10_000)
    expect(b.sends[0]?.entry).toMatchObject({ payload: 'x', idempotencyKey, attempts: 2 })
    await b.succeed()
    await clock.advance(10_000)
    expect(b.payloads()).toEqual(['x', 'y'])
  })

  it('of an entry without a key report that nobody knows, when its sender is gone', async () => {
    const { open, clock } = browser()
    const [a, b] = [open(), open()]
    await a.enqueue('x', { idempotencyKey: false })
    await b.enqueue('y')
    await a.crash()
    await clock.advance(10_000)
    expect(b.of('failed')).toMatchObject([{ reason: 'outcomeUnknown', entry: { payload: 'x' } }])
    expect(b.payloads()).toEqual(['y'])
  })

  it('hand the turn over when the page that has it is hidden, after what is under way', async () => {
    const { open, clock } = browser()
    const [a, b] = [open(), open()]
    await a.enqueue('x')
    await b.enqueue('y')
    a.signals.tell('hidden')
    await a.enqueue('z')
    expect(b.sends).toHaveLength(0)
    await a.succeed()
    await clock.advance(10_000)
    expect([a.payloads(), b.payloads()]).toEqual([['x'], ['y']])
  })

  it('a hidden page that is alone goes on', async () => {
    const { open, clock } = browser()
    const a = open()
    await a.enqueue('x')
    await a.enqueue('y')
    a.signals.tell('hidden')
    await a.succeed()
    await clock.advance(10_000)
    expect(a.payloads()).toEqual(['x', 'y'])
  })

  it('a page that is paused leaves the turn to the other', async () => {
    const { open, clock } = browser()
    const [a, b] = [open(), open()]
    await a.outbox.pause()
    await a.enqueue('x')
    await clock.advance(2000)
    expect([a.payloads(), b.payloads()]).toEqual([[], ['x']])
  })

  it('leave no lock and no channel when they are closed', async () => {
    const { open, tabs, clock } = browser()
    const [a, b] = [open(), open()]
    await a.enqueue('x')
    await b.enqueue('y')
    expect(tabs.inUse).toBe(4)
    await a.outbox.close()
    await b.outbox.close()
    await clock.advance(0)
    expect([tabs.inUse, clock.pending]).toEqual([0, 0])
  })

  it('hold no lock while nothing waits', async () => {
    const { open, tabs, clock } = browser()
    const a = open()
    await a.enqueue('x')
    await a.succeed()
    await clock.advance(0)
    // Its channel alone.
    expect(tabs.inUse).toBe(1)
  })
})

describe('a page that loses its turn', () => {
  it('sends nothing until it has it again, and does not send again what it sent', async () => {
    const { open, clock, shared } = browser()
    const [a, b] = [open(), open()]
    await a.enqueue('x')
    await b.enqueue('y')
    a.tab.loseLocks()
    await clock.advance(10_000)
    expect(b.sends[0]?.entry).toMatchObject({ payload: 'x', attempts: 2 })
    await a.succeed()
    await b.succeed()
    await clock.advance(10_000)
    await b.succeed()
    await clock.advance(10_000)
    expect(b.payloads()).toEqual(['x', 'y'])
    expect(a.payloads()).toEqual(['x'])
    expect(await shared.read()).toEqual([])
  })

  it('before it came waits for it again', async () => {
    const { open, tabs, clock } = browser()
    const [a, b] = [open(), open()]
    await a.enqueue('x')
    await b.enqueue('y')
    b.tab.loseLocks()
    await clock.advance(0)
    // A lock and a channel each.
    expect(tabs.inUse).toBe(4)
    await a.succeed()
    await a.succeed()
    await clock.advance(0)
    expect(b.told()).toContain('sent y')
  })
})

describe('without Web Locks', () => {
  it('a key is needed', async () => {
    const { open } = browser()
    const a = open({ locks: false })
    await expect(a.outbox.enqueue('x', { idempotencyKey: false })).rejects.toMatchObject({
      code: 'KEY_REQUIRED',
    })
    await expect(a.enqueue('y')).resolves.toMatchObject({ payload: 'y' })
  })

  it('an entry still has one sender at a time', async () => {
    const { open, clock, shared } = browser()
    const pages = [1, 2, 3].map(() => open({ locks: false, answer: () => 'ok' }))
    const entries = pages.flatMap(({ outbox }, page) =>
      Array.from({ length: 10 }, (_, each) => outbox.enqueue(`${page} ${each}`)),
    )
    await Promise.all(entries)
    while ((await shared.read()).length > 0) await clock.advance(1000)
    const sent = pages.flatMap((page) => page.payloads())
    expect(sent).toHaveLength(30)
    expect(new Set(sent).size).toBe(30)
  })

  it('the entry of a page that is gone is taken over when its lease is over', async () => {
    const { open, clock } = browser()
    const [a, b] = [open({ locks: false }), open({ locks: false })]
    await a.enqueue('x')
    await a.crash()
    await b.enqueue('y', { lane: 'other' })
    await b.succeed()
    await clock.advance(299_999)
    expect(b.payloads()).toEqual(['y'])
    await clock.advance(1001)
    expect(b.payloads()).toEqual(['y', 'x'])
  })

  it('what was stored without a key while there were locks is still sent at most once', async () => {
    const { open, clock } = browser()
    const a = open()
    await a.enqueue('x', { idempotencyKey: false })
    await a.crash()
    const b = open({ locks: false })
    await clock.advance(300_001)
    expect(b.sends).toHaveLength(0)
    expect(b.of('failed')).toMatchObject([{ reason: 'outcomeUnknown' }])
  })

  it('that is learnt where locks are refused, as in a sandboxed frame', async () => {
    const { open, clock } = browser()
    const refused = new DOMException('no', 'SecurityError')
    const a = open({ locks: { request: () => Promise.reject(refused) } })
    await a.enqueue('x')
    expect(a.sends).toHaveLength(1)
    await expect(a.outbox.enqueue('y', { idempotencyKey: false })).rejects.toMatchObject({
      code: 'KEY_REQUIRED',
    })
    await clock.advance(0)
  })
})

describe('without a BroadcastChannel', () => {
  it('nothing is lost, though pages learn late of each other', async () => {
    const { open, clock } = browser()
    const [a, b] = [open({ channel: false }), open({ channel: false })]
    await a.enqueue('x')
    await b.enqueue('y')
    expect(a.told()).toEqual(['stored x', 'sending x'])
    await a.succeed()
    await clock.advance(2000)
    expect([...a.payloads(), ...b.payloads()]).toEqual(['x', 'y'])
  })
})

describe('where a browser refuses a BroadcastChannel, as Firefox does without cookies', () => {
  afterEach(() => void vi.unstubAllGlobals())

  it('a page is alone', async () => {
    vi.stubGlobal(
      'BroadcastChannel',
      class {
        constructor() {
          throw new DOMException('The operation is insecure.', 'SecurityError')
        }
      },
    )
    const { open } = browser()
    const a = open({ channel: undefined, answer: () => 'ok' })
    await a.enqueue('x')
    expect(a.payloads()).toEqual(['x'])
  })
})

describe('the channel', () => {
  it.each([
    ['nothing', null],
    ['a text', 'sent'],
    ['another version', { evenkeel: 2, type: 'sent', id: 'x' }],
    ['an unknown type', { evenkeel: 1, type: 'exploded', id: 'x' }],
    ['a type that only looks like one', { evenkeel: 1, type: ['sent'], id: 'x' }],
    ['an id that is none', { evenkeel: 1, type: 'sent', id: 7 }],
    ['a prototype trick', JSON.parse('{"__proto__":{"evenkeel":1,"type":"sent","id":"x"}}')],
  ])('ignores %s', async (_what, data) => {
    const { open, post } = browser()
    const a = open()
    await a.enqueue('x')
    post(data)
    await a.settle()
    expect(a.told()).toEqual(['stored x', 'sending x'])
    expect(await a.waiting()).toEqual(['x'])
  })

  it('takes nobody’s word for what is this page’s turn to send', async () => {
    const { open, post } = browser()
    const a = open()
    await a.enqueue('x')
    const { id } = await a.enqueue('y')
    post({ evenkeel: 1, type: 'sent', id })
    await a.settle()
    expect(await a.waiting()).toEqual(['x', 'y'])
    await a.succeed()
    expect(a.payloads()).toEqual(['x', 'y'])
  })

  it('that fails a look at the store is no end', async () => {
    const { open, shared, post } = browser()
    const a = open()
    await a.enqueue('x')
    const { read } = shared
    shared.read = () => Promise.reject(failure({}, 'BROKEN'))
    post({ evenkeel: 1, type: 'stored', id: 'z' })
    await a.settle()
    expect(a.types()).toContain('storeFailed')
    shared.read = read
    await a.clock.advance(10_000)
    await a.succeed()
    expect(a.types()).toContain('sent')
  })
})
