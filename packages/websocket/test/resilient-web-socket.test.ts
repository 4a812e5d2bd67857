import { errorCode } from '@evenkeel/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { browserSignals, heartbeat, lanes, ResilientWebSocket } from '../src/index.ts'
import { dropIn, fakeSignals } from './world.ts'

afterEach(() => void vi.unstubAllGlobals())

describe('the drop-in class', () => {
  it('looks like a WebSocket', async () => {
    const w = dropIn({}, 'chat')
    const { socket } = w
    expect(socket).toBeInstanceOf(EventTarget)
    expect([socket.url, socket.readyState, socket.protocol, socket.extensions]).toEqual([
      'ws://server.test/',
      0,
      '',
      '',
    ])
    expect([socket.CONNECTING, socket.OPEN, socket.CLOSING, socket.CLOSED]).toEqual([0, 1, 2, 3])
    expect([ResilientWebSocket.CONNECTING, ResilientWebSocket.OPEN]).toEqual([0, 1])
    expect([ResilientWebSocket.CLOSING, ResilientWebSocket.CLOSED]).toEqual([2, 3])
    expect([socket.binaryType, socket.bufferedAmount, socket.onopen]).toEqual(['blob', 0, null])
    await w.clock.advance(0)
    w.inner.protocol = 'chat'
    w.inner.accept()
    w.inner.bufferedAmount = 2
    expect([socket.readyState, socket.protocol, socket.bufferedAmount]).toEqual([1, 'chat', 2])
  })

  it('knows the round trip once a heartbeat has measured one', async () => {
    const w = dropIn({ heartbeat: heartbeat({ message: 'beat' }) })
    const inner = await w.accept()
    await w.clock.advance(15_000)
    expect(w.socket.rttMs).toBeUndefined()
    await w.clock.advance(40)
    inner.say('anything')
    expect(w.socket.rttMs).toBe(40)
  })

  it('tells by on* properties and by listeners', async () => {
    const w = dropIn()
    const heard: unknown[] = []
    w.socket.onopen = () => heard.push('open')
    w.socket.onmessage = ({ data, origin }) => heard.push(data, origin)
    w.socket.onclose = ({ code, reason, wasClean }) => heard.push(code, reason, wasClean)
    w.socket.onerror = () => heard.push('error')
    const listener = () => heard.push('listener')
    w.socket.addEventListener('open', listener)
    const inner = await w.accept()
    w.socket.removeEventListener('open', listener)
    inner.say('hi')
    w.socket.onmessage = null
    inner.say('unheard')
    w.socket.close(1000, 'bye')
    expect(w.socket.readyState).toBe(2)
    inner.end(1000, 'bye')
    expect(heard).toEqual(['open', 'listener', 'hi', 'ws://server.test', 1000, 'bye', true])
    expect([w.socket.readyState, w.socket.onmessage, typeof w.socket.onclose]).toEqual([
      3,
      null,
      'function',
    ])
    expect([typeof w.socket.onopen, typeof w.socket.onerror]).toEqual(['function', 'function'])
  })

  it('opens again after a loss, and closes once, truthfully', async () => {
    const w = dropIn({ reconnect: { closeCodes: { 4004: 'stop' } } })
    const heard: string[] = []
    for (const type of ['open', 'error', 'close', 'disconnected', 'reconnectScheduled'] as const)
      w.socket.addEventListener(type, () => heard.push(type))
    const closed = new Promise<CloseEvent>((resolve) => {
      w.socket.onclose = (event) => resolve(event as never)
    })
    await w.accept()
    w.inner.cut()
    expect(w.socket.readyState).toBe(0)
    await w.clock.advance(2500)
    await w.accept()
    w.inner.end(4004, 'no')
    expect(heard).toEqual(['open', 'disconnected', 'reconnectScheduled', 'open', 'close'])
    expect(await closed).toBeInstanceOf(CloseEvent)
    expect(await closed).toMatchObject({
      code: 4004,
      reason: 'no',
      wasClean: true,
      phase: 'open',
      cause: 'server',
      stop: 'closeCode',
    })
  })

  it('says why it did not open before the close, also where there is no CloseEvent', async () => {
    vi.stubGlobal('CloseEvent', undefined)
    const w = dropIn({ reconnect: false })
    const heard: unknown[] = []
    w.socket.onerror = ({ error, message }) => heard.push(error, message)
    w.socket.onclose = ({ type, code, wasClean, cause }) => heard.push(type, code, wasClean, cause)
    await w.clock.advance(0)
    const refused = new Error('refused')
    w.inner.cut(refused)
    expect(heard).toEqual([refused, 'refused', 'close', 1006, false, 'network'])
  })

  it('makes an error where the platform gives none', async () => {
    const w = dropIn({ reconnect: false, connectTimeoutMs: 10 })
    const codes: unknown[] = []
    w.socket.onerror = ({ error }) => codes.push(errorCode(error))
    await w.clock.advance(10)
    expect(codes).toEqual(['SOCKET_NOT_OPENED'])
  })

  it('takes a line that is lost for no error, as Chromium and ws do', async () => {
    const w = dropIn({ reconnect: false })
    const heard: unknown[] = []
    w.socket.onerror = () => heard.push('error')
    w.socket.onclose = ({ code, wasClean, cause }) => heard.push(code, wasClean, cause)
    await w.accept()
    w.inner.cut()
    expect(heard).toEqual([1006, false, 'network'])
  })

  it('queues before it is open, refuses loudly when full, and says false after close()', async () => {
    const w = dropIn({ queue: { maxMessages: 1 } })
    const undelivered: unknown[] = []
    w.socket.addEventListener('undelivered', ({ detail }) => undelivered.push(detail))
    expect(w.socket.send('a')).toBe(true)
    expect(w.socket.bufferedAmount).toBe(1)
    expect(() => w.socket.send('b')).toThrow('queue is full')
    const inner = await w.accept()
    expect(inner.sent).toEqual(['a'])
    w.socket.close()
    expect(w.socket.send('c')).toBe(false)
    expect(undelivered).toEqual([{ data: 'c', outcome: 'closed' }])
  })

  it('refuses a priority and a coalesceKey that its plain queue would pass over', () => {
    const { socket } = dropIn()
    expect(() => socket.send('a', { priority: 'critical' })).toThrow(
      new TypeError('websocket: priority needs queue: lanes()'),
    )
    expect(() => socket.send('a', { coalesceKey: 'k' })).toThrow('coalesceKey needs queue: lanes()')
    expect(socket.send('a', { priority: undefined, ttlMs: 10, sessionBound: true })).toBe(true)
  })

  it('sends the most important first, and the latest of a key, with lanes', async () => {
    const w = dropIn({ queue: lanes() })
    const undelivered: unknown[] = []
    w.socket.addEventListener('undelivered', ({ detail }) => undelivered.push(detail))
    w.socket.send('later', { priority: 'deferred' })
    w.socket.send('old', { coalesceKey: 'state' })
    w.socket.send('new', { coalesceKey: 'state' })
    w.socket.send('now', { priority: 'critical' })
    const inner = await w.accept()
    expect(inner.sent).toEqual(['now', 'new', 'later'])
    expect(undelivered).toEqual([{ data: 'old', outcome: 'superseded' }])
  })

  it('passes binaryType on, and ignores what is none', async () => {
    const w = dropIn()
    w.socket.binaryType = 'arraybuffer'
    w.socket.binaryType = 'nonsense' as never
    await w.accept()
    expect([w.socket.binaryType, w.inner.binaryType]).toEqual(['arraybuffer', 'arraybuffer'])
    w.socket.binaryType = 'blob'
    expect(w.inner.binaryType).toBe('blob')
  })

  it('closes before it is open without a word to a server, and never dials', async () => {
    const w = dropIn()
    const heard: unknown[] = []
    w.socket.onerror = () => heard.push('error')
    w.socket.onclose = ({ code, cause }) => heard.push(code, cause)
    w.socket.close()
    expect([heard, w.socket.readyState]).toEqual([[], 2])
    await w.clock.advance(0)
    expect([heard, w.sockets.length]).toEqual([[1006, 'user'], 0])
  })

  it('can be had as a class with options, for what takes a constructor', async () => {
    const w = dropIn()
    w.socket.close()
    const signals = fakeSignals()
    const Chat = ResilientWebSocket.with({ ...w.options, signals, reconnect: false })
    const socket = new Chat('http://server.test/a', ['x'], { connectTimeoutMs: 5 })
    await w.clock.advance(0)
    expect([socket.url, w.inner.protocols, Chat.OPEN]).toEqual(['ws://server.test/a', ['x'], 1])
    await w.clock.advance(5)
    expect(socket.readyState).toBe(3)
  })

  it('reconnects on request, takes advice, and closes at the end of a using block', async () => {
    const w = dropIn()
    await w.accept()
    w.socket.advise({ windowMs: 60_000 })
    w.socket.reconnect()
    await w.clock.advance(0)
    expect(w.sockets).toHaveLength(2)
    w.socket[Symbol.dispose]()
    await w.clock.advance(0)
    expect([w.socket.readyState, w.clock.pending]).toEqual([3, 0])
  })

  it('knows the URL that a function gave once it is open', async () => {
    const w = dropIn()
    const socket = new ResilientWebSocket(() => 'ws://other.test/', [], w.options)
    expect(socket.url).toBe('')
    await w.clock.advance(0)
    w.inner.accept()
    expect(socket.url).toBe('ws://other.test/')
  })
})

describe('the signals of the browser', () => {
  it('come from window and document, and are let go of', () => {
    const page = Object.assign(new EventTarget(), { visibilityState: 'visible' })
    const window = new EventTarget()
    vi.stubGlobal('document', page)
    vi.stubGlobal('navigator', { onLine: false })
    vi.stubGlobal('addEventListener', window.addEventListener.bind(window))
    vi.stubGlobal('removeEventListener', window.removeEventListener.bind(window))
    const heard: string[] = []
    const signals = browserSignals()
    const release = signals.listen((signal) => heard.push(signal))
    const all = () => {
      for (const type of ['online', 'offline', 'pageshow']) window.dispatchEvent(new Event(type))
      for (const type of ['resume', 'visibilitychange']) page.dispatchEvent(new Event(type))
      page.visibilityState = 'hidden'
      page.dispatchEvent(new Event('visibilitychange'))
    }
    all()
    release()
    all()
    expect(heard).toEqual(['online', 'offline', 'woke', 'woke', 'visible', 'hidden'])
    expect([signals.isOnline(), signals.isVisible()]).toEqual([false, false])
  })

  it('are always good where there are none', () => {
    const signals = browserSignals()
    signals.listen(() => {})()
    expect([signals.isOnline(), signals.isVisible()]).toEqual([true, true])
  })
})
