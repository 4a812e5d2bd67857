import { describe, expect, it, vi } from 'vitest'
import {
  memoryStore,
  type PagePhase,
  type ShareStateOptions,
  type StateEvent,
  type StatePart,
  type StatePeers,
  type StateStore,
  seal,
  shareState,
} from '../../src/persistence/index.ts'
import { type FakeTab, fakeTabs, manualClock, seededRandom } from '../../src/testing/index.ts'

/** A part that holds one number, of which the larger counts. */
function numberPart(name = 'number') {
  let peers: StatePeers | undefined
  const part = {
    name,
    value: 0,
    place: [0, 1],
    save: (isEnding: boolean) => (part.value ? { value: part.value, isEnding } : undefined),
    load(saved: unknown) {
      const { value } = Object(saved) as { value?: unknown }
      if (typeof value !== 'number') return false
      part.value = Math.max(part.value, value)
      return true
    },
    connect(told: StatePeers) {
      peers = told
      return () => {
        peers = undefined
      }
    },
    arrange(rank: number, tabs: number) {
      part.place = [rank, tabs]
    },
    raise(value: number) {
      part.value = value
      peers?.changed({ value })
    },
    get peers() {
      return peers
    },
  }
  return part satisfies StatePart
}

function world() {
  const clock = manualClock()
  const tabs = fakeTabs()
  const store = memoryStore()
  let seed = 0
  function open(options: ShareStateOptions = {}, parts = [numberPart()]) {
    const tab: FakeTab = tabs.open()
    const events: StateEvent[] = []
    let tell: (phase: PagePhase) => void = () => {}
    const shared = shareState(parts, {
      store,
      clock,
      random: seededRandom(++seed),
      channel: tab.channel,
      locks: tab.locks,
      page(told) {
        tell = told
        return () => {
          tell = () => {}
        }
      },
      onEvent: (event) => events.push(event),
      ...options,
    })
    const [part] = parts as [ReturnType<typeof numberPart>]
    return { shared, part, events, tab, tell: (phase: PagePhase) => tell(phase) }
  }
  return { clock, tabs, store, open, settle: () => clock.advance(0) }
}

const name = 'evenkeel state evenkeel'

describe('a store', () => {
  it('gives a page what the one before had saved, before the first call', () => {
    const { open, store } = world()
    const first = open()
    first.part.raise(7)
    first.tell('ending')
    expect(store.get(name)).toContain('"isEnding":true')
    const second = open()
    expect(second.part.value).toBe(7)
    expect(second.events).toEqual([{ type: 'restored', parts: ['number'] }])
  })

  it('gets a change soon, and a row of changes once', async () => {
    const { open, store, clock } = world()
    const set = vi.spyOn(store, 'set')
    const { part } = open()
    for (const value of [1, 2, 3]) part.raise(value)
    await clock.advance(999)
    expect(set).not.toHaveBeenCalled()
    await clock.advance(1)
    expect(set).toHaveBeenCalledOnce()
    expect(set.mock.calls[0]?.[1]).toContain('"value":3')
    part.raise(4)
    await clock.advance(1000)
    expect(set).toHaveBeenCalledTimes(2)
  })

  it('is emptied when there is nothing worth keeping', () => {
    const { open, store } = world()
    const { part, shared } = open()
    part.raise(1)
    shared.save()
    part.value = 0
    shared.save()
    expect(store.get(name)).toBeUndefined()
  })

  it('is written when the page is hidden, with its calls still under way', () => {
    const { open, store } = world()
    const { part, tell } = open()
    part.raise(1)
    tell('hidden')
    expect(store.get(name)).toContain('"isEnding":false')
  })

  it('is read again when the page is back from the cache of pages', () => {
    const { open, store, clock } = world()
    const { part, tell } = open()
    tell('ending')
    store.set(name, seal([['number', { value: 9 }]], 1, clock))
    tell('back')
    expect(part.value).toBe(9)
  })

  it('may answer later, and is waited for by ready', async () => {
    const { open, clock } = world()
    const texts = new Map([[name, seal([['number', { value: 9 }]], 1, clock)]])
    const store: StateStore = {
      get: async (each) => texts.get(each),
      set: async (each, text) => void texts.set(each, text),
      delete: async (each) => void texts.delete(each),
    }
    const { part, shared } = open({ store })
    expect(part.value).toBe(0)
    await shared.ready
    expect(part.value).toBe(9)
    part.raise(10)
    shared.save()
    expect(texts.get(name)).toContain('"value":10')
  })

  it('may fail, now or later, and breaks nothing', async () => {
    const { open } = world()
    const error = new Error('no')
    const fail = () => {
      throw error
    }
    const now = open({ store: { get: fail, set: fail, delete: fail } })
    now.part.raise(1)
    now.shared.save()
    expect(now.events).toEqual(Array(2).fill({ type: 'storeFailed', error }))
    const failLater = async () => fail()
    const later = open({ store: { get: failLater, set: failLater, delete: failLater } })
    await later.shared.ready
    later.shared.save()
    await later.shared.ready
    expect(later.events.slice(0, 2)).toEqual(Array(2).fill({ type: 'storeFailed', error }))
  })

  it.each([
    ['no text of ours', 'hello', 'malformed', 1],
    ['no list', seal({ number: { value: 9 } }, 1, manualClock()), 'malformed', 1],
    ['entries that are none', seal([7, null, [1]], 1, manualClock()), 'malformed', 3],
    ['a part that makes no sense', seal([['number', 'x']], 1, manualClock()), 'malformed', 1],
    ['what is too old', seal([], 1, manualClock(0)), 'expired', 1],
    ['what is too long', `"${'x'.repeat(100_000)}"`, 'tooLong', 1],
  ])('is not believed when it has %s', (_, text, reason, times) => {
    const { open, store } = world()
    store.set(name, text)
    const { part, events, shared } = open()
    expect(part.value).toBe(0)
    expect(events).toEqual(Array(times).fill({ type: 'ignored', source: 'store', reason }))
    expect(shared.ignored).toBe(times)
  })

  it('is left alone when a later version of the app has been there', () => {
    const { open, store, clock } = world()
    const text = seal([['number', { value: 9 }]], 2, clock)
    store.set(name, text)
    const { part, shared, events } = open()
    part.raise(1)
    shared.save()
    expect(store.get(name)).toBe(text)
    expect(events).toEqual([{ type: 'ignored', source: 'store', reason: 'future' }])
  })

  it('may hold parts that the app no longer shares', () => {
    const { open, store, clock } = world()
    const saved = [
      ['gone', {}],
      ['number', { value: 9 }],
    ]
    store.set(name, seal(saved, 1, clock))
    const { part, shared } = open()
    expect([part.value, shared.ignored]).toEqual([9, 0])
  })

  it('never gets more than it may', () => {
    const { open, store } = world()
    const { part, shared, events } = open({ maxLength: 40 })
    part.raise(1)
    shared.save()
    expect(store.get(name)).toBeUndefined()
    expect(events).toMatchObject([{ type: 'storeFailed', error: expect.any(RangeError) }])
  })
})

describe('tabs', () => {
  it('hear of a change at once', async () => {
    const { open, settle } = world()
    const [one, two, three] = [open(), open(), open()]
    await settle()
    one.part.raise(5)
    await settle()
    expect([two.part.value, three.part.value]).toEqual([5, 5])
  })

  it('are told what the others know when they come', async () => {
    const { open, settle, store } = world()
    const one = open()
    one.part.raise(5)
    expect(store.get(name)).toBeUndefined()
    const two = open()
    await settle()
    expect(two.part.value).toBe(5)
  })

  it('each know their place', async () => {
    const { open, settle } = world()
    const opened = [open(), open(), open()]
    await settle()
    const places = opened.map(({ part }) => part.place)
    expect(places.map(([rank]) => rank).sort()).toEqual([0, 1, 2])
    expect(places.map(([, tabs]) => tabs)).toEqual([3, 3, 3])
    expect(opened[0]?.shared.tabs).toBe(2)
    opened[0]?.tell('ending')
    await settle()
    const left = opened.slice(1).map(({ part }) => part.place)
    expect(left.map(([rank]) => rank).sort()).toEqual([0, 1])
  })

  it('that crash lose their place when something happens', async () => {
    const { open, settle, clock } = world()
    const [one, two, three] = [open(), open(), open()]
    await settle()
    two.tab.crash()
    one.part.raise(1)
    await settle()
    expect(one.part.place[1]).toBe(3)
    await clock.advance(10_000)
    one.part.raise(2)
    await settle()
    expect([one.part.place[1], three.part.place[1]]).toEqual([2, 2])
  })

  it('of another name are not listened to', async () => {
    const { open, settle } = world()
    const [one, two] = [open(), open({ name: 'other' })]
    one.part.raise(5)
    await settle()
    expect(two.part.value).toBe(0)
  })

  it('may be without a channel, or without a name for the part', async () => {
    const { open, settle } = world()
    const [one, alone] = [open(), open({ channel: false })]
    const other = open({}, [numberPart('other')])
    await settle()
    one.part.raise(5)
    await settle()
    expect([alone.part.value, alone.shared.tabs, other.part.value]).toEqual([0, 0, 0])
    expect(other.shared.ignored).toBe(1)
  })

  it.each([
    ['50 MB', 'x'.repeat(50_000_000), 'tooLong'],
    ['no text', { evenkeel: 1 }, 'malformed'],
    ['a prototype', '{"__proto__":{}}', 'malformed'],
    ['no message', seal(null, 1, manualClock()), 'malformed'],
    ['an unknown message', seal({ type: 'drop', from: 'x' }, 1, manualClock()), 'malformed'],
    ['no sender', seal({ type: 'bye' }, 1, manualClock()), 'malformed'],
    [
      'an absurd sender',
      seal({ type: 'bye', from: 'x'.repeat(65) }, 1, manualClock()),
      'malformed',
    ],
    ['state of no part', seal({ type: 'state', from: 'x' }, 1, manualClock()), 'malformed'],
    [
      'state of __proto__',
      seal({ type: 'state', from: 'x', part: '__proto__' }, 1, manualClock()),
      'malformed',
    ],
    ['a later version', seal({ type: 'bye', from: 'x' }, 2, manualClock()), 'future'],
  ])('drop and count a message of %s', async (_, data, reason) => {
    const { open, tabs, settle } = world()
    const { shared, events, part } = open()
    tabs.open().channel(name).postMessage(data)
    await settle()
    expect(events).toEqual([{ type: 'ignored', source: 'channel', reason }])
    expect([shared.ignored, part.value, shared.tabs]).toEqual([1, 0, 0])
  })

  it('do not say what would not be heard', async () => {
    const { open, settle } = world()
    const [one, two] = [open({ maxLength: 120 }), open({ maxLength: 120 })]
    await settle()
    one.part.peers?.changed({ value: 1, more: 'x'.repeat(100) })
    await settle()
    expect([two.part.value, two.shared.ignored]).toEqual([0, 0])
  })

  it('count a hundred of each other at most', async () => {
    const { open, tabs, settle, clock } = world()
    const { shared } = open()
    const crowd = tabs.open().channel(name)
    for (let each = 0; each < 150; each++)
      crowd.postMessage(seal({ type: 'here', from: `tab ${each}` }, 1, clock))
    await settle()
    expect(shared.tabs).toBe(100)
  })
})

describe('a claim', () => {
  it('is one tab’s, until it is given back and the news of that has got around', async () => {
    const { open, clock, settle } = world()
    const [one, two] = [open(), open()]
    const release = await one.part.peers?.claim('probe')
    expect(release).toBeDefined()
    expect(await one.part.peers?.claim('probe')).toBeUndefined()
    expect(await two.part.peers?.claim('probe')).toBeUndefined()
    expect(await two.part.peers?.claim('other')).toBeDefined()
    release?.()
    await clock.advance(249)
    expect(await two.part.peers?.claim('probe')).toBeUndefined()
    await clock.advance(1)
    await settle()
    expect(await two.part.peers?.claim('probe')).toBeDefined()
  })

  it('is free again when the tab that had it is gone', async () => {
    const { open } = world()
    const [one, two] = [open(), open()]
    await one.part.peers?.claim('probe')
    one.tab.crash()
    expect(await two.part.peers?.claim('probe')).toBeDefined()
  })

  it.each<[string, ShareStateOptions['locks']]>([
    ['are none', false],
    ['refuse', { request: () => Promise.reject(new DOMException('no', 'SecurityError')) }],
    [
      'throw',
      {
        request() {
          throw new DOMException('no', 'SecurityError')
        },
      },
    ],
  ])('is for each tab alone where locks %s', async (_, locks) => {
    const { open, clock, settle } = world()
    const [one, two] = [open({ locks }), open({ locks })]
    const release = await one.part.peers?.claim('probe')
    expect(await one.part.peers?.claim('probe')).toBeUndefined()
    expect(await two.part.peers?.claim('probe')).toBeDefined()
    release?.()
    await clock.advance(250)
    await settle()
    expect(await one.part.peers?.claim('probe')).toBeDefined()
  })
})

describe('close', () => {
  it('saves, and leaves nothing', async () => {
    const { open, tabs, store, clock, settle } = world()
    const { part, shared } = open()
    const { claim } = part.peers as StatePeers
    await claim('held')
    const release = await claim('given back')
    release?.()
    part.raise(3)
    part.raise(4)
    const pending = claim('asked for')
    shared.close()
    shared.close()
    const late = await pending
    late?.()
    await settle()
    expect([tabs.inUse, clock.pending, part.peers]).toEqual([0, 0, undefined])
    expect(store.get(name)).toContain('"value":4')
  })

  it('comes with a using block', () => {
    const { open, tabs } = world()
    {
      using shared = open().shared
      expect([shared.tabs, tabs.inUse]).toEqual([0, 1])
    }
    expect(tabs.inUse).toBe(0)
  })
})

describe('the platform', () => {
  it('is looked up when it is used', async () => {
    const tab = fakeTabs()
    const { channel } = tab.open()
    vi.stubGlobal(
      'BroadcastChannel',
      class {
        constructor(title: string) {
          Object.assign(this, channel(title))
        }
      },
    )
    vi.stubGlobal('localStorage', undefined)
    const events: StateEvent[] = []
    const shared = shareState([numberPart()], { onEvent: (event) => events.push(event) })
    expect(tab.inUse).toBe(1)
    shared.close()
    expect(events).toEqual([{ type: 'storeFailed', error: undefined }])
    vi.stubGlobal('BroadcastChannel', undefined)
    shareState([]).close()
    vi.unstubAllGlobals()
  })

  it('may refuse a channel, as Firefox does to who allows no cookies: a tab is then alone', () => {
    vi.stubGlobal(
      'BroadcastChannel',
      class {
        constructor() {
          throw new DOMException('The operation is insecure.', 'SecurityError')
        }
      },
    )
    const part = numberPart()
    const store = memoryStore()
    const shared = shareState([part], { store, locks: false })
    part.raise(1)
    shared.close()
    expect([shared.tabs, store.get(name) !== undefined]).toEqual([0, true])
    vi.unstubAllGlobals()
  })

  it('tells of the page, until the end', () => {
    const page = Object.assign(new EventTarget(), { visibilityState: 'visible' })
    const view = new EventTarget()
    vi.stubGlobal('document', page)
    vi.stubGlobal('addEventListener', view.addEventListener.bind(view))
    vi.stubGlobal('removeEventListener', view.removeEventListener.bind(view))
    const store = memoryStore()
    const part = numberPart()
    const shared = shareState([part], { store, channel: false, locks: false })
    part.raise(1)
    page.dispatchEvent(new Event('visibilitychange'))
    expect(store.get(name)).toBeUndefined()
    page.visibilityState = 'hidden'
    page.dispatchEvent(new Event('visibilitychange'))
    expect(store.get(name)).toContain('"isEnding":false')
    view.dispatchEvent(new Event('pagehide'))
    expect(store.get(name)).toContain('"isEnding":true')
    store.delete(name)
    view.dispatchEvent(new Event('pageshow'))
    view.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
    shared.close()
    store.delete(name)
    view.dispatchEvent(new Event('pagehide'))
    page.dispatchEvent(new Event('visibilitychange'))
    expect(store.get(name)).toBeUndefined()
    vi.unstubAllGlobals()
  })
})

it.each([
  ['ttlMs', { ttlMs: -1 }],
  ['saveEveryMs', { saveEveryMs: Number.NaN }],
  ['maxLength', { maxLength: -1 }],
])('names a bad %s', (option, options) => {
  expect(() => shareState([], options)).toThrow(`shareState: ${option} must be a number ≥ 0`)
})
