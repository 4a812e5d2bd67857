import { describe, expect, it } from 'vitest'
import { lightMessage } from '../src/light-message.ts'
import { FakeWebSocket } from './fake-web-socket.ts'
import { dropIn } from './world.ts'

const names = [
  ...['type', 'data', 'origin', 'lastEventId', 'source', 'ports', 'target', 'currentTarget'],
  ...['srcElement', 'eventPhase', 'isTrusted', 'bubbles', 'cancelable', 'composed'],
  ...['defaultPrevented', 'returnValue', 'cancelBubble'],
] as const

/** All that one can ask of an event, but for its time. */
const asked = (event: MessageEvent): unknown[] => [
  ...names.map((name) => event[name]),
  event.composedPath(),
  Object.prototype.toString.call(event),
  Object.isFrozen(event.ports),
]

function asDispatched(event: MessageEvent): unknown[] {
  const target = new EventTarget()
  const seen: unknown[] = []
  target.addEventListener('message', (each) => {
    each.preventDefault()
    seen.push(...asked(each as MessageEvent).map((value) => (value === target ? 'target' : value)))
    seen.push(event.composedPath()[0] === target)
  })
  target.dispatchEvent(event)
  return [...seen.map((value) => (Array.isArray(value) ? value.length : value)), event.eventPhase]
}

describe('a light message', () => {
  it('answers whatever is asked of it as a native one does', () => {
    const init = { data: 'hi', origin: 'ws://server.test' }
    const native = new MessageEvent('message', init)
    const light = lightMessage('hi', 'ws://server.test')
    expect(light).toBeInstanceOf(MessageEvent)
    expect(light).toBeInstanceOf(Event)
    expect(asked(light)).toEqual(asked(native))
    expect(asDispatched(light)).toEqual(asDispatched(native))
    expect(light.timeStamp).toBeGreaterThanOrEqual(native.timeStamp)
    expect(() => Object.assign(light, { data: 'other' })).toThrow(TypeError)
  })

  it('keeps its data once it is over', () => {
    const first = lightMessage('first', '')
    lightMessage('second', '')
    expect([first.data, first.ports]).toEqual(['first', []])
  })
})

/** As `ws`: it has Node's events beside the web's. */
class NodeSocket extends FakeWebSocket {
  readonly on = (): this => this
}

/** What listeners of all kinds hear of two messages. */
function listen(target: EventTarget, setHandler: (handler: (event: Event) => void) => void) {
  const heard: unknown[] = []
  const stop = new AbortController()
  const note =
    (name: string) =>
    (event: Event): void => {
      const { data, origin, eventPhase } = event as MessageEvent
      heard.push(name, data, origin, eventPhase, event.target === target)
      heard.push(event.currentTarget === target, event.composedPath().length)
    }
  const twice = note('added twice')
  const removed = note('removed')
  target.addEventListener('message', note('once'), { once: true })
  target.addEventListener('message', twice)
  target.addEventListener('message', twice)
  setHandler(note('handler'))
  target.addEventListener('message', { handleEvent: note('object') })
  target.addEventListener('message', note('until aborted'), { signal: stop.signal })
  target.addEventListener('message', (event) => {
    target.removeEventListener('message', removed)
    stop.abort()
    if ((event as MessageEvent).data === 2) event.stopImmediatePropagation()
  })
  target.addEventListener('message', removed)
  target.addEventListener('message', note('last'))
  return heard
}

describe('messages of the drop-in class over ws', () => {
  it('reach listeners in the order, and as often, as of any EventTarget', async () => {
    let inner: NodeSocket | undefined
    class Inner extends NodeSocket {
      constructor(url: string) {
        super(url)
        inner = this
      }
    }
    const { socket, clock } = dropIn({ WebSocket: Inner })
    const heard = listen(socket, (handler) => {
      socket.onmessage = handler
    })
    const plain = new EventTarget()
    const expected = listen(plain, (handler) => plain.addEventListener('message', handler))
    await clock.advance(0)
    inner?.accept()
    for (const data of [1, 2]) {
      inner?.say(data)
      plain.dispatchEvent(new MessageEvent('message', { data, origin: 'ws://server.test' }))
    }
    expect(heard).toEqual(expected)
    const names = heard.filter((each) => typeof each === 'string' && !each.startsWith('ws:'))
    const both = ['added twice', 'handler', 'object']
    expect(names).toEqual(['once', ...both, 'until aborted', 'last', ...both])
  })
})
