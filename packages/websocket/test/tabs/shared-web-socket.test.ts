import { afterEach, describe, expect, it, vi } from 'vitest'
import { heartbeat } from '../../src/index.ts'
import { SharedWebSocket } from '../../src/tabs.ts'
import { browser } from './fake-browser.ts'

afterEach(() => void vi.unstubAllGlobals())

/** Three tabs with an open connection, which the first holds. */
async function three() {
  const b = browser()
  const tabs = [b.open(), b.open(), b.open()] as const
  const inner = await b.accept()
  return Object.assign(b, { tabs, first: inner })
}

describe('tabs that share a connection', () => {
  it('make one dial, and all open and hear by it', async () => {
    const b = await three()
    expect(b.sockets).toHaveLength(1)
    b.first.say('hi')
    await b.settle()
    expect(b.tabs.map(({ heard }) => heard)).toEqual(Array(3).fill(['open', 'hi']))
    expect(b.tabs.map(({ socket }) => [socket.readyState, socket.isLeader])).toEqual([
      [1, true],
      [1, false],
      [1, false],
    ])
  })

  it('all send by it, in the order of each', async () => {
    const b = await three()
    const [one, two, three_] = b.tabs
    two.socket.send('b1')
    two.socket.send('b2')
    one.socket.send('a')
    three_.socket.send(Uint8Array.of(1, 2))
    await b.settle()
    expect(b.first.sent).toEqual(['a', 'b1', 'b2', Uint8Array.of(1, 2)])
    expect([two.socket.bufferedAmount, two.undelivered, b.clock.pending]).toEqual([0, [], 0])
  })

  it('opens for a tab that comes later', async () => {
    const b = await three()
    const late = b.open()
    expect(late.socket.readyState).toBe(0)
    await b.settle()
    expect([late.heard, late.socket.readyState, late.socket.url]).toEqual([
      ['open'],
      1,
      'ws://server.test/',
    ])
  })

  it('are let go of before they connect, too, and taken back', async () => {
    const b = browser()
    const [one, two] = [b.open(), b.open()]
    const told: string[] = []
    for (const [at, channel] of b.channels.entries())
      Object.assign(channel, {
        ref: () => told.push(`ref ${at}`),
        unref: () => told.push(`unref ${at}`),
      })
    expect(one.socket.unref()).toBe(one.socket)
    two.socket.unref()
    await b.settle()
    Object.assign(b.inner, { unref: () => told.push('unref connection') })
    await b.accept()
    await b.crash(one)
    Object.assign(b.inner, {
      ref: () => told.push('ref next'),
      unref: () => told.push('unref next'),
    })
    await b.accept()
    expect(two.socket.ref()).toBe(two.socket)
    expect(told).toEqual([
      'unref 0',
      'unref 1',
      'unref connection',
      'unref next',
      'ref 1',
      'ref next',
    ])
  })

  it('knows the round trip in the tab with the connection', async () => {
    const b = browser()
    const options = { heartbeat: heartbeat({ message: 'beat' }) }
    const tabs = [b.open(options), b.open(options)]
    const inner = await b.accept()
    // Half of the first interval.
    await b.clock.advance(15_000)
    await b.clock.advance(40)
    inner.say('anything')
    expect(tabs.map(({ socket }) => socket.rttMs)).toEqual([40, undefined])
  })

  it('gives bytes as each tab wants them', async () => {
    const b = await three()
    b.tabs[1].socket.binaryType = 'arraybuffer'
    b.tabs[1].socket.binaryType = 'nonsense' as never
    b.first.say(Uint8Array.of(7).buffer)
    await b.settle()
    expect(b.first.binaryType).toBe('arraybuffer')
    expect(b.tabs.map(({ heard }) => heard[1]?.constructor)).toEqual([Blob, ArrayBuffer, Blob])
    expect(b.tabs.map(({ socket }) => socket.binaryType)).toEqual(['blob', 'arraybuffer', 'blob'])
  })

  it('all hear of a loss, and of the way back', async () => {
    const b = await three()
    b.first.cut()
    await b.settle()
    expect(b.tabs.map(({ socket }) => socket.readyState)).toEqual([0, 0, 0])
    await b.clock.advance(5000)
    await b.accept()
    expect(b.sockets).toHaveLength(2)
    expect(b.tabs.map(({ heard }) => heard)).toEqual(
      Array(3).fill(['open', 'lost network', 'open']),
    )
  })

  it('all end when the server forbids to come back', async () => {
    const b = browser()
    const options = { reconnect: { closeCodes: { 4004: 'stop' } } } as const
    const tabs = [b.open(options), b.open(options)]
    ;(await b.accept()).end(4004, 'no')
    await b.settle()
    expect(tabs.map(({ heard }) => heard)).toEqual(Array(2).fill(['open', 'close 4004 server']))
    expect([b.inUse, b.clock.pending]).toEqual([0, 0])
  })

  it('says why it did not open in every tab', async () => {
    const b = browser()
    const tabs = [b.open({ reconnect: false }), b.open({ reconnect: false })]
    const errors: unknown[] = []
    for (const { socket } of tabs) socket.onerror = ({ message }) => errors.push(message)
    await b.settle()
    b.inner.cut()
    await b.settle()
    expect(errors).toEqual(Array(2).fill('The connection did not open: network'))
  })
})

describe('when the tab with the connection dies', () => {
  it('the next one in turn connects, and all stay with it', async () => {
    const b = await three()
    await b.crash(b.tabs[0])
    expect(b.tabs[1].socket.isLeader).toBe(true)
    expect(b.tabs[2].socket.readyState).toBe(0)
    const second = await b.accept()
    second.say('again')
    await b.settle()
    for (const { heard } of b.tabs.slice(1))
      expect(heard).toEqual(['open', 'lost leader', 'open', 'again'])
    b.tabs[2].socket.send('to the second')
    await b.settle()
    expect(second.sent).toEqual(['to the second'])
  })

  it('loses nothing of what waited', async () => {
    const b = browser()
    const tabs = [b.open(), b.open(), b.open()] as const
    await b.settle()
    tabs[1].socket.send('b')
    tabs[2].socket.send('c')
    await b.settle()
    await b.crash(tabs[0])
    tabs[2].socket.send('c2')
    const inner = await b.accept()
    expect(inner.sent).toEqual(['b', 'c', 'c2'])
    expect([tabs[1].undelivered, tabs[2].undelivered]).toEqual([[], []])
  })

  it('sends nothing again that a connection took', async () => {
    const b = await three()
    b.tabs[1].socket.send('once')
    await b.settle()
    await b.crash(b.tabs[0])
    const second = await b.accept()
    expect([b.first.sent, second.sent]).toEqual([['once'], []])
  })

  it('reports what waited too long, and whether it may have gone', async () => {
    const b = browser()
    const [one, two, three_] = [b.open(), b.open(), b.open()]
    await b.settle()
    two.socket.send('kept', { ttlMs: 10 })
    three_.socket.send('posted', { ttlMs: 10 })
    await b.settle()
    await b.crash(two)
    await b.clock.advance(10)
    expect(three_.undelivered).toEqual([['posted', 'expired']])
    one.socket.send('own', { ttlMs: 20 })
    three_.socket.send('lost', { ttlMs: 10 })
    for (const channel of b.channels) channel.close()
    await b.clock.advance(1010)
    expect(three_.undelivered[1]).toEqual(['lost', 'unknown'])
    expect(one.undelivered).toEqual([['own', 'expired']])
  })

  it('what no tab was told of is known not to have gone', async () => {
    const b = browser()
    const locks = { request: () => new Promise(() => {}) }
    const { socket, undelivered } = b.open({ locks })
    socket.send('a', { ttlMs: 10 })
    socket.send('b', { ttlMs: 20 })
    await b.clock.advance(10)
    expect(undelivered).toEqual([['a', 'expired']])
    await b.clock.advance(10)
    expect([undelivered[1], b.clock.pending]).toEqual([['b', 'expired'], 0])
  })

  it('takes no late word of it for news', async () => {
    const b = await three()
    await b.crash(b.tabs[0])
    await b.accept()
    const lead = {
      evenkeel: 1,
      type: 'lead',
      from: 'dead',
      term: 1,
      state: 'waiting',
      url: '',
      protocol: '',
      extensions: '',
    }
    await b.speak(lead)
    expect(b.tabs.slice(1).map(({ socket }) => socket.readyState)).toEqual([1, 1])
  })
})

describe('a tab that leaves', () => {
  it('takes nothing from the others', async () => {
    const b = await three()
    b.tabs[2].socket.close(4000, 'bye')
    expect(b.tabs[2].socket.readyState).toBe(2)
    await b.settle()
    expect(b.tabs[2].heard).toEqual(['open', 'close 4000 user'])
    expect([b.first.closed, b.inUse]).toEqual([[], 4])
    expect(b.tabs[2].socket.send('late')).toBe(false)
    expect(b.tabs[2].undelivered).toEqual([['late', 'closed']])
  })

  it('says goodbye by the connection it holds, and gives the turn to the next', async () => {
    const b = await three()
    b.tabs[1].socket.send('x'.repeat(10))
    b.tabs[0].socket.close(1000, 'bye')
    expect(b.first.closed).toEqual([[1000, 'bye']])
    b.first.end(1000, 'bye')
    await b.settle()
    expect([b.tabs[0].heard, b.tabs[1].socket.isLeader]).toEqual([
      ['open', 'close 1000 user'],
      true,
    ])
    await b.accept()
    expect(b.inner.sent).toEqual(['x'.repeat(10)])
    b.tabs[1].socket.close()
    b.inner.end(1000)
    b.tabs[2].socket[Symbol.dispose]()
    await b.settle()
    expect([b.inUse, b.clock.pending]).toEqual([0, 0])
    for (const { signals } of b.tabs) expect(signals.listeners.size).toBe(0)
  })

  it('says goodbye without a code, too', async () => {
    const b = await three()
    b.tabs[0].socket.close()
    expect([b.first.closed, b.tabs[0].socket.readyState]).toEqual([[[]], 2])
  })

  it('leaves nothing behind before it opened, nor when its signal aborts', async () => {
    const b = browser()
    const controller = new AbortController()
    const tabs = [b.open({ signal: controller.signal }), b.open({ signal: controller.signal })]
    tabs[1]?.socket.send('kept')
    controller.abort()
    await b.settle()
    expect(tabs.map(({ heard }) => heard)).toEqual(Array(2).fill(['close 1006 user']))
    expect(tabs[1]?.undelivered).toEqual([['kept', 'closed']])
    expect([b.inUse, b.clock.pending]).toEqual([0, 0])
    tabs[1]?.socket.reconnect()
    await b.settle()
    expect(b.sockets).toHaveLength(0)
  })

  it('says of what it had posted that it may have gone', async () => {
    const b = browser()
    const [, two] = [b.open(), b.open()]
    await b.settle()
    two.socket.send('posted')
    await b.settle()
    two.socket.close()
    await b.settle()
    expect(two.undelivered).toEqual([['posted', 'unknown']])
  })

  it('can come back', async () => {
    const b = await three()
    b.tabs[2].socket.close()
    await b.settle()
    b.tabs[2].socket.reconnect()
    await b.settle()
    expect(b.tabs[2].heard).toEqual(['open', 'close 1005 user', 'open'])
  })
})

describe('what is refused', () => {
  it('is refused to the tab it came from', async () => {
    const b = browser()
    const [one, two] = [b.open({ queue: { maxMessages: 1 } }), b.open()]
    await b.settle()
    two.socket.send('fits')
    two.socket.send('does not')
    await b.settle()
    expect([one.undelivered, two.undelivered]).toEqual([[], [['does not', 'overflow']]])
    expect(() => one.socket.send('here')).toThrow('queue is full')
    one.socket.close()
    await b.settle()
    expect(two.socket.isLeader).toBe(true)
  })

  it('is bounded in each tab', async () => {
    const b = browser()
    b.open()
    const two = b.open({ queue: { maxMessages: 1, maxBytes: 4 } })
    expect(() => two.socket.send('12345')).toThrow('queue is full')
    two.socket.send('1')
    expect(() => two.socket.send('2')).toThrow('queue is full')
    expect(() => two.socket.send('3', { beforeReady: true })).toThrow('closed')
    expect(two.socket.bufferedAmount).toBe(1)
  })

  it('is told by the connection when it may have been lost with it', async () => {
    const b = await three()
    b.first.bufferedAmount = 5
    b.tabs[1].socket.send('held')
    await b.settle()
    b.first.cut()
    await b.settle()
    expect(b.tabs[1].undelivered).toEqual([['held', 'unknown']])
  })

  it('is what the connection of this tab superseded', async () => {
    const b = browser()
    const one = b.open()
    await b.settle()
    one.socket.send('a', { coalesceKey: 'k' })
    one.socket.send('b', { coalesceKey: 'k' })
    expect(one.undelivered).toEqual([['a', 'superseded']])
  })

  it('is what can’t be cloned, or is larger than the tab with the connection takes', async () => {
    const b = browser()
    b.open({ queue: { maxBytes: 3 } })
    const two = b.open()
    await b.accept()
    two.socket.send('large')
    await b.settle()
    expect(two.undelivered).toEqual([['large', 'overflow']])
    for (const channel of b.channels)
      channel.postMessage = () => {
        throw new DOMException('no', 'DataCloneError')
      }
    two.socket.send('b')
    expect(two.undelivered[1]).toEqual(['b', 'failed'])
  })
})

describe('requests to the tab with the connection', () => {
  it('reconnect and advise go there', async () => {
    const b = await three()
    b.tabs[1].socket.advise({ windowMs: 60_000 })
    await b.settle()
    b.first.cut()
    await b.clock.advance(20_000)
    expect(b.sockets).toHaveLength(1)
    b.tabs[1].socket.reconnect()
    await b.settle()
    expect(b.sockets).toHaveLength(2)
    b.tabs[0].socket.advise({ windowMs: 0 })
    b.tabs[0].socket.reconnect()
    await b.settle()
    expect(b.sockets).toHaveLength(3)
  })

  it('it dials while any of the tabs is seen', async () => {
    const b = await three()
    for (const { signals } of b.tabs) signals.tell('hidden')
    await b.settle()
    b.first.cut()
    await b.clock.advance(60_000)
    expect(b.sockets).toHaveLength(1)
    b.tabs[2].signals.tell('visible')
    await b.clock.advance(250)
    expect(b.sockets).toHaveLength(2)
  })
})

describe('what the channel may bring', () => {
  it.each([
    ['nothing', null],
    ['text', 'lead'],
    ['another version', { evenkeel: 2, type: 'hello', from: 'x', isVisible: true }],
    ['an unknown kind', { evenkeel: 1, type: 'constructor' }],
    ['a prototype', JSON.parse('{"__proto__":{"evenkeel":1,"type":"hello"}}')],
    ['inherited fields', { evenkeel: 1, type: 'send', __proto__: { to: 'x', id: 1 } }],
    ['a state that is none', { evenkeel: 1, type: 'lead', from: 'x', term: 9e15, state: 'up' }],
    [
      'an event that is none',
      {
        evenkeel: 1,
        type: 'lead',
        from: 'x',
        term: 9e15,
        state: 'open',
        url: '',
        protocol: '',
        extensions: '',
        event: { name: 'toString', detail: {} },
      },
    ],
    ['a send without data', { evenkeel: 1, type: 'send', from: 'x', to: 'y', id: 1, options: {} }],
    ['a flood', 'x'.repeat(1_000_000)],
  ])('%s is ignored and counted', async (_name, message) => {
    const b = await three()
    await b.speak(message)
    expect(b.tabs.map(({ socket }) => socket.ignoredMessages)).toEqual([1, 1, 1])
    expect(b.tabs.map(({ socket }) => socket.readyState)).toEqual([1, 1, 1])
    expect(b.tabs.map(({ heard }) => heard)).toEqual(Array(3).fill(['open']))
  })

  it('what can’t be read is counted, and kept count of after the end', async () => {
    const b = await three()
    for (const channel of b.channels) channel.onmessageerror?.({} as MessageEvent)
    b.tabs[2].socket.close()
    await b.settle()
    expect(b.tabs.map(({ socket }) => socket.ignoredMessages)).toEqual([1, 1, 1])
  })

  it('answers to others change nothing', async () => {
    const b = await three()
    await b.speak({ evenkeel: 1, type: 'taken', to: 'nobody', id: 1 })
    await b.speak({ evenkeel: 1, type: 'refused', to: 'nobody', id: 1, outcome: 'failed' })
    expect(b.tabs.map(({ heard }) => heard)).toEqual(Array(3).fill(['open']))
  })
})

describe('where tabs can’t find each other', () => {
  it.each(['locks', 'channel'] as const)(
    'without %s it is a socket of its own',
    async (missing) => {
      vi.stubGlobal('navigator', {})
      vi.stubGlobal('BroadcastChannel', undefined)
      const b = browser()
      const tabs = [b.open({ [missing]: undefined }), b.open({ [missing]: undefined })]
      await b.settle()
      for (const inner of b.sockets) inner.accept()
      tabs[0]?.socket.send('a')
      expect(b.sockets.map(({ sent }) => sent)).toEqual([['a'], []])
      for (const { socket } of tabs) socket.close(1000)
      for (const inner of b.sockets) inner.end(1000)
      await b.settle()
      expect(tabs.map(({ heard }) => heard)).toEqual(Array(2).fill(['open', 'close 1000 user']))
      expect(b.clock.pending).toBe(0)
    },
  )

  it('locks that are refused make it one of its own', async () => {
    const b = browser()
    const locks = { request: () => Promise.reject(new DOMException('no', 'SecurityError')) }
    const { socket } = b.open({ locks })
    await b.accept()
    expect([socket.readyState, socket.isLeader]).toEqual([1, true])
  })

  it('a channel that is refused, as Firefox does without cookies, makes it one of its own', async () => {
    vi.stubGlobal(
      'BroadcastChannel',
      class {
        constructor() {
          throw new DOMException('The operation is insecure.', 'SecurityError')
        }
      },
    )
    const b = browser()
    const tabs = [b.open({ channel: undefined }), b.open({ channel: undefined })]
    await b.settle()
    for (const inner of b.sockets) inner.accept()
    await b.settle()
    expect(tabs.map(({ socket }) => [socket.readyState, socket.isLeader])).toEqual([
      [1, true],
      [1, true],
    ])
    for (const { socket } of tabs) socket.close()
    for (const inner of b.sockets) inner.end(1000)
    await b.settle()
    expect([b.inUse, b.clock.pending]).toEqual([0, 0])
  })

  it('shares by name, and needs one where a function gives the URL', async () => {
    const b = browser()
    expect(() => new SharedWebSocket(() => 'ws://server.test/')).toThrow('name is needed')
    const options = { name: 'chat' }
    b.open(options, 'ws://a.test/')
    b.open(options, 'ws://b.test/')
    await b.accept()
    expect(b.sockets).toHaveLength(1)
  })

  it('looks like a WebSocket', () => {
    const { socket } = browser().open()
    const { CONNECTING, OPEN, CLOSING, CLOSED } = SharedWebSocket
    expect([CONNECTING, OPEN, CLOSING, CLOSED]).toEqual([0, 1, 2, 3])
    expect([socket.CONNECTING, socket.OPEN, socket.CLOSING, socket.CLOSED]).toEqual([0, 1, 2, 3])
    expect([socket.protocol, socket.extensions, socket.readyState]).toEqual(['', '', 0])
    expect(() => socket.close(1)).toThrow('code must be')
  })
})
