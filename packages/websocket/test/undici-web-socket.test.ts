import diagnostics from 'node:diagnostics_channel'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { undiciWebSocket } from '../src/handshake-status.ts'

const created = diagnostics.channel('undici:request:create')
const sending = diagnostics.channel('undici:client:sendHeaders')
const answered = diagnostics.channel('undici:request:headers')
const bytes = (text: string) => new TextEncoder().encode(text)

/** Makes its request within the constructor, as Node's own does. */
class Platform extends EventTarget {
  readonly request = {}

  constructor(url: string) {
    super()
    if (url === 'bad') throw new SyntaxError('bad')
    created.publish({ request: this.request })
  }

  connect(socket: object): void {
    sending.publish({ request: this.request, socket })
  }

  answer(statusCode: number, headers: string[] = []): void {
    answered.publish({
      request: this.request,
      response: { statusCode, headers: headers.map(bytes) },
    })
  }
}

type Dial = Platform & {
  on(event: string, listener: (...facts: unknown[]) => void): void
  ref(): void
  unref(): void
  terminate?(): void
}

beforeEach(() => void vi.stubGlobal('WebSocket', Platform))
afterEach(() => void vi.unstubAllGlobals())

it('tells each dial its own answer, and is not watching once all are done', () => {
  const Inner = undiciWebSocket()
  const [one, two] = ['a', 'b'].map((url) => new Inner(url) as unknown as Dial) as [Dial, Dial]
  const heard: unknown[] = []
  const listenTo = (dial: Dial, name: string) => {
    dial.on('ping', () => heard.push('ping'))
    dial.on('unexpected-response', (request, response) => {
      ;(request as { destroy(): void }).destroy()
      heard.push([name, response])
    })
  }
  listenTo(one, 'one')
  listenTo(two, 'two')
  two.answer(503, ['Retry-After', '60', 'odd'])
  one.answer(101)
  answered.publish({ request: {}, response: { statusCode: 500, headers: [] } })
  expect(heard).toEqual([['two', { statusCode: 503, headers: { 'retry-after': '60' } }]])
  one.dispatchEvent(new Event('open'))
  one.dispatchEvent(new Event('close'))
  expect(created.hasSubscribers).toBe(true)
  two.dispatchEvent(new Event('error'))
  expect([created.hasSubscribers, answered.hasSubscribers]).toEqual([false, false])
})

it('follows no promise of the process while no dial is out', () => {
  const hooks = process.getBuiltinModule('node:async_hooks')
  const disable = vi.spyOn(hooks.AsyncLocalStorage.prototype, 'disable')
  const Inner = undiciWebSocket()
  const [one, two] = ['a', 'b'].map((url) => new Inner(url) as unknown as Dial) as [Dial, Dial]
  one.dispatchEvent(new Event('open'))
  expect(disable).not.toHaveBeenCalled()
  two.dispatchEvent(new Event('close'))
  expect(disable).toHaveBeenCalledOnce()
  disable.mockRestore()
})

it('takes no request of another for its own', () => {
  ;new (undiciWebSocket())('a').onclose = null
  expect(() => created.publish({ request: {} })).not.toThrow()
})

it('lets go of the connection that was made for each, and takes it back', () => {
  const Inner = undiciWebSocket()
  const [one, two] = ['a', 'b'].map((url) => new Inner(url) as unknown as Dial) as [Dial, Dial]
  const done: string[] = []
  const connection = (name: string) => ({
    ref: () => done.push(`${name} ref`),
    unref: () => done.push(`${name} unref`),
  })
  one.unref()
  one.ref()
  two.connect(connection('two'))
  one.connect(connection('one'))
  sending.publish({ request: {}, socket: connection('another') })
  one.unref()
  two.unref()
  one.ref()
  expect(done).toEqual(['one unref', 'two unref', 'one ref'])
})

it('ends the connection of one that has opened, unless others have their requests on it', () => {
  const Inner = undiciWebSocket()
  const [one, two, three] = ['a', 'b', 'c'].map((url) => new Inner(url) as unknown as Dial) as [
    Dial,
    Dial,
    Dial,
  ]
  const ended: string[] = []
  one.connect({ destroy: () => ended.push('one') })
  two.connect({ destroy: () => ended.push('two'), alpnProtocol: 'h2' })
  expect(one.terminate).toBeUndefined()
  for (const dial of [one, two, three]) {
    dial.dispatchEvent(new Event('open'))
    dial.terminate?.()
  }
  expect(ended).toEqual(['one'])
})

it('watches nothing for a dial that can’t be made', () => {
  const before = created.hasSubscribers
  expect(() => new (undiciWebSocket())('bad')).toThrow(SyntaxError)
  expect(created.hasSubscribers).toBe(before)
})
