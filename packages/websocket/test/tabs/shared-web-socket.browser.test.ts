import { afterEach, expect, inject, test, vi } from 'vitest'
import type { SharedWebSocket } from '../../src/tabs.ts'

// A slow machine is no bug: every wait below is for an event.
vi.setConfig({ testTimeout: 60_000 })

const url = inject('origin').replace('http', 'ws')

type Module = typeof import('../../src/tabs.ts')
const source = new URL('../../src/tabs.ts', import.meta.url).pathname

/** A page of its own, with a socket: each frame is another client to locks and channels. */
interface Tab {
  readonly frame: HTMLIFrameElement
  readonly socket: SharedWebSocket
  readonly opened: Promise<unknown>
  readonly heard: unknown[]
  readonly undelivered: unknown[]
  /** Waits for a message, unless it has come. */
  hears(isMeant: (data: unknown) => boolean): Promise<unknown>
}

const frames: HTMLIFrameElement[] = []
afterEach(() => {
  for (const frame of frames.splice(0)) frame.remove()
})

const once = (target: EventTarget, type: string) =>
  new Promise((resolve) => target.addEventListener(type, resolve, { once: true }))

async function openTab(name: string): Promise<Tab> {
  const frame = document.createElement('iframe')
  frame.srcdoc = '<!doctype html>'
  frames.push(frame)
  const loaded = once(frame, 'load')
  document.body.append(frame)
  await loaded
  const { SharedWebSocket: Shared } = await new Promise<Module>((resolve, reject) => {
    const view = frame.contentWindow as Window & { arrived?: (module: Module) => void }
    view.arrived = resolve
    const script = view.document.createElement('script')
    script.type = 'module'
    script.onerror = () => reject(new Error(`${source} did not load`))
    script.textContent = `import * as tabs from ${JSON.stringify(source)}; arrived(tabs)`
    view.document.body.append(script)
  })
  const socket = new Shared(url, [], {
    name,
    reconnect: { firstWindowMs: 50, whileHidden: true },
  })
  const heard: unknown[] = []
  const undelivered: unknown[] = []
  const waiting = new Set<() => void>()
  socket.onmessage = ({ data }) => {
    heard.push(data)
    for (const look of waiting) look()
  }
  socket.addEventListener('undelivered', ({ detail }) => undelivered.push(detail.data))
  return {
    frame,
    socket,
    opened: once(socket, 'open'),
    heard,
    undelivered,
    hears: (isMeant) =>
      new Promise((resolve) => {
        const look = (): void => {
          const data = heard.find(isMeant)
          if (data !== undefined) resolve(data)
        }
        waiting.add(look)
        look()
      }),
  }
}

const openTabs = (name: string) => Promise.all([openTab(name), openTab(name), openTab(name)])
const allOpen = (tabs: readonly Tab[]) => Promise.all(tabs.map(({ opened }) => opened))
const hears = (tab: Tab, text: string) => tab.hears((data) => data === text)

test('three pages have one connection, and all send and hear by it', async () => {
  const tabs = await openTabs('all')
  await allOpen(tabs)
  expect(tabs.filter(({ socket }) => socket.isLeader)).toHaveLength(1)
  for (const [index, { socket }] of tabs.entries()) socket.send(`from ${index}`)
  for (const tab of tabs) for (const index of [0, 1, 2]) await hears(tab, `from ${index}`)
})

test('the next page takes over when the one with the connection is gone, and nothing is lost', async () => {
  const [first, second, third] = [
    await openTab('over'),
    await openTab('over'),
    await openTab('over'),
  ]
  await allOpen([first, second, third])
  expect(first.socket.isLeader).toBe(true)
  second.socket.send('before')
  await hears(third, 'before')
  first.frame.remove()
  third.socket.send('while nobody has a connection')
  second.socket.send('and this')
  await hears(second, 'while nobody has a connection')
  await hears(third, 'and this')
  await hears(second, 'and this')
  expect(second.socket.isLeader).toBe(true)
  expect([...second.undelivered, ...third.undelivered]).toEqual([])
  expect(second.heard.filter((text) => text === 'and this')).toHaveLength(1)
})

test('bytes come as each page wants them', async () => {
  const [one, two] = [await openTab('bytes'), await openTab('bytes')]
  await allOpen([one, two])
  two.socket.binaryType = 'arraybuffer'
  two.socket.send(Uint8Array.of(1, 2, 3))
  const [ofOne, ofTwo] = [
    (await one.hears(() => true)) as Blob,
    (await two.hears(() => true)) as ArrayBuffer,
  ]
  expect([...new Uint8Array(await ofOne.arrayBuffer())]).toEqual([1, 2, 3])
  expect([...new Uint8Array(ofTwo)]).toEqual([1, 2, 3])
})

test('close() leaves no lock', async () => {
  const name = 'evenkeel gone'
  const [one, two] = [await openTab('gone'), await openTab('gone')]
  await allOpen([one, two])
  const mine = async () => {
    const { held = [], pending = [] } = await navigator.locks.query()
    return [...held, ...pending].filter((lock) => lock.name === name).length
  }
  expect(await mine()).toBe(2)
  two.socket.close()
  one.socket.close()
  await once(one.socket, 'close')
  // Who stands in line comes after all that was there before.
  await navigator.locks.request(name, () => {})
  expect(await mine()).toBe(0)
})

test('strangers on the channel are ignored', async () => {
  const tab = await openTab('strange')
  await tab.opened
  const stranger = new BroadcastChannel('evenkeel strange')
  stranger.postMessage({ evenkeel: 1, type: 'lead', state: 'closed' })
  stranger.postMessage(JSON.parse('{"__proto__":{"evenkeel":1}}'))
  // What is answered was heard after those.
  stranger.postMessage({ evenkeel: 1, type: 'hello', from: 'another', isVisible: true })
  await once(stranger, 'message')
  stranger.close()
  expect([tab.socket.ignoredMessages, tab.socket.readyState]).toEqual([2, 1])
})
