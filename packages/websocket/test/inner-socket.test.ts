import { afterEach, describe, expect, it, vi } from 'vitest'
import { WebSocket as Ws } from 'ws'
import { dialError } from '../src/dial-error.ts'
import { heartbeat, type Loss, resilientSocket } from '../src/index.ts'
import { innerConstructor } from '../src/inner-constructor.ts'
import { FakeWebSocket } from './fake-web-socket.ts'
import { world } from './world.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.doUnmock('isomorphic-ws')
})

describe('the socket underneath', () => {
  it('is the one given, else the platform’s, else that of isomorphic-ws', async () => {
    expect(innerConstructor(FakeWebSocket, true)).toBe(FakeWebSocket)
    const own = (await innerConstructor(undefined, false)) as typeof WebSocket
    expect(own.prototype).toBe(WebSocket.prototype)
    expect(innerConstructor(undefined, false)).toBe(own)
    expect(await innerConstructor(undefined, true)).toBe(Ws)
    vi.stubGlobal('WebSocket', undefined)
    expect(await innerConstructor(undefined, false)).toBe(Ws)
  })

  it('is missed with a clear error where there is none', async () => {
    vi.doMock('isomorphic-ws', () => ({ default: null }))
    await expect(innerConstructor(undefined, true)).rejects.toThrow('no WebSocket here')
  })

  it('is closed by terminate where it has one, and its ping is a beat', async () => {
    const calls: string[] = []
    const listeners: Record<string, () => void> = {}
    class Full extends FakeWebSocket {
      ping() {
        calls.push('ping')
      }
      terminate() {
        calls.push('terminate')
      }
      on(event: string, listener: () => void) {
        listeners[event] = listener
      }
    }
    const made: Full[] = []
    class Inner extends Full {
      constructor(url: string) {
        super(url)
        made.push(this)
      }
    }
    const w = world({ WebSocket: Inner as never, heartbeat: heartbeat({ intervalMs: 10_000 }) })
    await w.clock.advance(0)
    made[0]?.accept()
    await w.clock.advance(5000)
    listeners.pong?.()
    expect([calls, w.socket.rttMs]).toEqual([['ping'], 0])
    w.socket.reconnect()
    expect(calls).toEqual(['ping', 'terminate'])
    made[0]?.onerror?.({})
  })

  it('is given headers as a third argument', async () => {
    const given: unknown[] = []
    class Inner extends FakeWebSocket {
      constructor(url: string, protocols?: string | string[], options?: unknown) {
        super(url, protocols)
        given.push(protocols, options)
      }
    }
    const w = world({ WebSocket: Inner as never, headers: { a: 'b' }, protocols: 'x' })
    await w.clock.advance(0)
    expect(given).toEqual([['x'], { headers: { a: 'b' } }])
  })
})

it.each([
  [{ 'retry-after': '7' }, 7000],
  [{}, undefined],
])(
  'a handshake refused with %j is read, and its request destroyed',
  async (headers, retryAfterMs) => {
    const listeners = new Map<string, (...facts: unknown[]) => void>()
    const destroy = vi.fn()
    class Inner extends FakeWebSocket {
      on = (event: string, listener: (...facts: never[]) => void): void =>
        void listeners.set(event, listener as (...facts: unknown[]) => void)
    }
    const w = world({ WebSocket: Inner })
    await w.clock.advance(0)
    listeners.get('unexpected-response')?.({ destroy }, { statusCode: 429, headers })
    expect(destroy).toHaveBeenCalledOnce()
    expect(w.events('disconnected')).toMatchObject([
      { cause: 'handshake', status: 429, retryAfterMs },
    ])
  },
)

it('ping and pong frames are heard where something beats', async () => {
  const heard: string[] = []
  class Inner extends FakeWebSocket {
    on = (event: string): void => void heard.push(event)
  }
  for (const options of [{}, { heartbeat: heartbeat({ message: 'beat' }) }]) {
    await world({ WebSocket: Inner, ...options }).clock.advance(0)
    heard.push('|')
  }
  expect(heard).toEqual(['unexpected-response', '|', 'ping', 'pong', 'unexpected-response', '|'])
})

const failed: Loss = {
  code: 1006,
  reason: '',
  wasClean: false,
  phase: 'connecting',
  cause: 'network',
}

it.each<[Partial<Loss>, object]>([
  [{}, { transient: true, reached: 'no', throttled: false }],
  [{ cause: 'timeout' }, { transient: true, reached: 'maybe' }],
  [
    { cause: 'server', code: 1011 },
    { transient: true, reached: 'maybe' },
  ],
  [
    { cause: 'handshake', status: 401 },
    { transient: false, reached: 'yes' },
  ],
  [
    { cause: 'handshake', status: 429 },
    { transient: true, reached: 'no', throttled: true },
  ],
  [
    { cause: 'handshake', status: 503 },
    { transient: true, reached: 'no', throttled: false },
  ],
  [
    { cause: 'handshake', status: 500 },
    { transient: true, reached: 'yes' },
  ],
  [{ cause: 'user' }, { transient: false, throttled: true }],
])('a dial that failed by %j is to policies %j', (loss, expected) => {
  expect(dialError({ ...failed, ...loss }, 'k')).toMatchObject({
    code: 'SOCKET_NOT_OPENED',
    key: 'k',
    ...expected,
  })
})

it('relative URLs are of the page', () => {
  vi.stubGlobal('location', { href: 'https://page.test/a/b' })
  const socket = resilientSocket('../c', { WebSocket: FakeWebSocket })
  socket.close()
  expect(socket.state).toBe('closing')
})
