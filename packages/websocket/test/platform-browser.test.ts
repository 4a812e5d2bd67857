import { manualClock } from '@evenkeel/core/testing'
import fc from 'fast-check'
import { afterEach, expect, it, vi } from 'vitest'
import type { Line } from '../src/line.ts'
import * as browser from '../src/platform-browser.ts'
import { settingsOf } from '../src/settings.ts'
import { anyText } from './any-text.ts'
import { FakeWebSocket } from './fake-web-socket.ts'

afterEach(() => void vi.unstubAllGlobals())

it('the build for browsers connects by the class given, else by the platform’s', () => {
  expect(browser.innerConstructor(FakeWebSocket)).toBe(FakeWebSocket)
  expect(browser.innerConstructor(undefined)).toBe(WebSocket)
  vi.stubGlobal('WebSocket', undefined)
  expect(() => browser.innerConstructor(undefined)).toThrow('no WebSocket here')
})

it('it gives the platform’s own events', () => {
  const message = browser.messageEvent('hi', 'ws://server.test')
  expect(Object.getPrototypeOf(message)).toBe(MessageEvent.prototype)
  expect([message.data, message.origin]).toEqual(['hi', 'ws://server.test'])
  class PlatformCloseEvent extends Event {
    readonly code: number
    readonly reason: string
    readonly wasClean: boolean
    constructor(type: string, { code = 0, reason = '', wasClean = false }: CloseEventInit) {
      super(type)
      this.code = code
      this.reason = reason
      this.wasClean = wasClean
    }
  }
  vi.stubGlobal('CloseEvent', PlatformCloseEvent)
  const facts = {
    code: 4000,
    reason: 'bye',
    wasClean: true,
    phase: 'open',
    cause: 'server',
  } as const
  const close = browser.closeEvent({ ...facts, stop: 'closeCode' })
  expect(close).toBeInstanceOf(PlatformCloseEvent)
  expect(close).toMatchObject({ ...facts, type: 'close', stop: 'closeCode' })
})

it('it hears why a handshake was refused', () => {
  const listeners = new Map<string, (refused: unknown) => void>()
  class Probed extends FakeWebSocket {
    on = (event: string, listener: (...facts: never[]) => void): void =>
      void listeners.set(event, listener as (refused: unknown) => void)
  }
  const end = vi.fn()
  browser.hearMore(new Probed('ws://server.test/'), { end } as unknown as Line)
  browser.hearMore(new FakeWebSocket('ws://server.test/'), { end } as unknown as Line)
  const refused = { status: 429, retryAfterMs: 7000 }
  listeners.get('refused')?.(refused)
  expect(end.mock.calls).toEqual([['handshake', refused]])
})

it('it counts the bytes of a text, and times by the clock it is given', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(browser.utf8Length(text)).toBe(Buffer.byteLength(text))
    }),
  )
  const clock = manualClock()
  expect(browser.timesOf(clock).clock).toBe(clock)
})

it('it lets no process live for a socket', () => {
  class Socket extends browser.Referenced {}
  const socket = new Socket(settingsOf({ url: 'ws://server.test/', protocols: [] }, {}))
  expect([socket.state, socket.reference(), socket.adopt()]).toEqual([
    'connecting',
    undefined,
    undefined,
  ])
})
