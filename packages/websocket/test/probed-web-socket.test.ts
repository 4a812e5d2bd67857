import { manualClock } from '@evenkeel/core/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type ProbeOptions, probedWebSocket } from '../src/handshake-status.ts'
import { resilientSocket } from '../src/index.ts'

afterEach(() => void vi.unstubAllGlobals())

/** A platform's class whose network the test plays: handlers are accessors, as on the platform. */
class Platform extends EventTarget {
  static readonly made: Platform[] = []
  readyState = 0
  bufferedAmount = 0
  extensions = ''
  protocol = ''
  binaryType = 'blob'
  readonly url: string
  onopen: (() => void) | null = null
  onmessage: ((event: unknown) => void) | null = null
  onerror: ((event: unknown) => void) | null = null
  #onclose: ((event: Event) => void) | null = null

  constructor(url: string) {
    super()
    this.url = url
    Platform.made.push(this)
  }

  get onclose() {
    return this.#onclose
  }
  set onclose(handler) {
    this.#onclose = handler
  }

  send(): void {}
  close(): void {
    this.readyState = 2
  }

  accept(): void {
    this.readyState = 1
    this.dispatchEvent(new Event('open'))
    this.onopen?.()
  }

  fail(): void {
    this.readyState = 3
    this.onerror?.(new Event('error'))
    this.dispatchEvent(
      Object.assign(new Event('close'), { code: 1006, reason: '', wasClean: false }),
    )
  }
}

/** A socket over the probed class; the test answers its probes. */
function world(options: ProbeOptions = {}) {
  const clock = manualClock()
  Platform.made.length = 0
  const probes: { url: string; init: RequestInit; answer: (response: Response) => void }[] = []
  const ask = (url: unknown, init: RequestInit = {}) =>
    new Promise<Response>((answer, reject) => {
      probes.push({ url: String(url), init, answer })
      init.signal?.addEventListener('abort', () => reject(init.signal?.reason))
    })
  const Inner = probedWebSocket('https://api.test/health', {
    fetch: ask as typeof fetch,
    WebSocket: Platform as never,
    clock,
    ...options,
  })
  const open = () => {
    const told: unknown[] = []
    const socket = resilientSocket('wss://api.test/', {
      WebSocket: Inner,
      clock,
      random: () => 0.5,
    })
    socket.on('disconnected', ({ cause, status, retryAfterMs }) =>
      told.push([cause, status, retryAfterMs]),
    )
    socket.on('closed', ({ cause, status, stop }) => told.push([cause, status, stop]))
    return { socket, told }
  }
  return {
    ...open(),
    open,
    clock,
    probes,
    async fail() {
      await clock.advance(0)
      Platform.made.at(-1)?.fail()
      await clock.advance(0)
    },
  }
}

const refusal = (status: number, headers = {}) => new Response('body', { status, headers })

describe('a probed socket', () => {
  it('learns from the answer to a GET why its dial failed', async () => {
    const w = world()
    await w.fail()
    expect(w.told).toEqual([])
    expect(w.probes[0]).toMatchObject({
      url: 'https://api.test/health',
      init: { credentials: 'include', cache: 'no-store', redirect: 'manual' },
    })
    w.probes[0]?.answer(refusal(429, { 'retry-after': '60' }))
    await w.clock.advance(0)
    expect(w.told).toEqual([['handshake', 429, 60_000]])
  })

  it('stops where the credentials are refused', async () => {
    const w = world()
    await w.fail()
    w.probes[0]?.answer(refusal(401))
    await w.clock.advance(0)
    expect([w.told, w.clock.pending]).toEqual([[['handshake', 401, 'unauthorized']], 0])
  })

  it.each([200, 404, 426, 500])('learns nothing from %d', async (status) => {
    const w = world()
    await w.fail()
    w.probes[0]?.answer(refusal(status))
    await w.clock.advance(0)
    expect(w.told).toEqual([['network', undefined, undefined]])
  })

  it('waits for an answer no longer than told', async () => {
    const w = world({ timeoutMs: 500 })
    await w.fail()
    await w.clock.advance(499)
    expect(w.told).toEqual([])
    await w.clock.advance(1)
    expect([w.told, w.probes[0]?.init.signal?.aborted]).toEqual([
      [['network', undefined, undefined]],
      true,
    ])
  })

  it('asks once a minute at most, however many sockets dial however often', async () => {
    const w = world()
    await w.fail()
    w.probes[0]?.answer(refusal(200))
    for (let dials = 0; dials < 3; dials++) {
      w.open()
      await w.fail()
    }
    expect(w.probes).toHaveLength(1)
    await w.clock.advance(60_000)
    w.open()
    await w.fail()
    expect(w.probes).toHaveLength(2)
  })

  it('asks only what the budget pays for', async () => {
    const paid: unknown[] = []
    const w = world({ budget: { tryTake: (...by) => paid.push(by) > 1 } })
    await w.fail()
    expect([w.probes.length, w.told.length]).toEqual([0, 1])
    w.open()
    await w.fail()
    expect([w.probes.length, paid[0]]).toEqual([1, ['https://api.test', 'no']])
  })

  it('asks nothing about a connection that was open', async () => {
    const w = world()
    await w.clock.advance(0)
    Platform.made[0]?.accept()
    Platform.made[0]?.fail()
    await w.clock.advance(0)
    expect([w.probes.length, w.told]).toEqual([0, [['network', undefined, undefined]]])
  })

  it('gives the probe up with the socket', async () => {
    const w = world()
    await w.fail()
    w.socket.close()
    await w.clock.advance(0)
    expect([w.probes[0]?.init.signal?.aborted, w.told, w.clock.pending]).toEqual([
      true,
      [['user', undefined, 'closed']],
      0,
    ])
  })

  it('checks what it is given, and asks by the platform’s fetch', async () => {
    expect(() => probedWebSocket('https://api.test/', { timeoutMs: 0 })).toThrow('timeoutMs')
    expect(() => probedWebSocket('https://api.test/', { intervalMs: -1 })).toThrow('intervalMs')
    expect(() => probedWebSocket('not a url')).toThrow(TypeError)
    vi.stubGlobal('fetch', async () => refusal(503))
    const w = world({ fetch: undefined })
    await w.fail()
    expect(w.told).toEqual([['handshake', 503, undefined]])
    vi.stubGlobal('WebSocket', undefined)
    expect(() => probedWebSocket('https://api.test/')).toThrow('no WebSocket here')
  })
})
