import { afterEach, expect, inject, test } from 'vitest'
import type { SharedWebSocket } from '../../src/tabs.ts'

const url = inject('origin').replace('http', 'ws')

/** A page of its own, with a socket: each frame is another client to locks and channels. */
interface Tab {
  readonly frame: HTMLIFrameElement
  readonly socket: SharedWebSocket
  readonly heard: unknown[]
  readonly undelivered: unknown[]
}

const frames: HTMLIFrameElement[] = []
afterEach(() => {
  for (const frame of frames.splice(0)) frame.remove()
})

async function openTab(name: string): Promise<Tab> {
  const frame = document.createElement('iframe')
  frame.srcdoc = '<!doctype html>'
  frames.push(frame)
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
  document.body.append(frame)
  await loaded
  const view = frame.contentWindow as Window & { tabs?: typeof import('../../src/tabs.ts') }
  const script = view.document.createElement('script')
  script.type = 'module'
  const source = new URL('../../src/tabs.ts', import.meta.url).pathname
  script.textContent = `import * as tabs from ${JSON.stringify(source)}; window.tabs = tabs`
  view.document.body.append(script)
  await expect.poll(() => view.tabs !== undefined).toBe(true)
  const { SharedWebSocket: Shared } = view.tabs as typeof import('../../src/tabs.ts')
  const socket = new Shared(url, [], {
    name,
    reconnect: { firstWindowMs: 50, whileHidden: true },
  })
  const tab: Tab = { frame, socket, heard: [], undelivered: [] }
  socket.onmessage = ({ data }) => tab.heard.push(data)
  socket.addEventListener('undelivered', ({ detail }) => tab.undelivered.push(detail.data))
  return tab
}

const isOpen = (tab: Tab) => expect.poll(() => tab.socket.readyState, { timeout: 5000 }).toBe(1)
const hears = (tab: Tab, text: string) =>
  expect.poll(() => tab.heard, { timeout: 5000 }).toContain(text)

test('three pages have one connection, and all send and hear by it', async () => {
  const tabs = [await openTab('all'), await openTab('all'), await openTab('all')]
  for (const tab of tabs) await isOpen(tab)
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
  for (const tab of [first, second, third]) await isOpen(tab)
  expect(first.socket.isLeader).toBe(true)
  second.socket.send('before')
  await hears(third, 'before')
  first.frame.remove()
  third.socket.send('while nobody has a connection')
  second.socket.send('and this')
  await hears(second, 'while nobody has a connection')
  await hears(third, 'and this')
  expect(second.socket.isLeader).toBe(true)
  expect([...second.undelivered, ...third.undelivered]).toEqual([])
  expect(second.heard.filter((text) => text === 'and this')).toHaveLength(1)
})

test('bytes come as each page wants them', async () => {
  const [one, two] = [await openTab('bytes'), await openTab('bytes')]
  await isOpen(one)
  await isOpen(two)
  two.socket.binaryType = 'arraybuffer'
  two.socket.send(Uint8Array.of(1, 2, 3))
  await expect.poll(() => [one.heard.length, two.heard.length]).toEqual([1, 1])
  const [ofOne, ofTwo] = [one.heard[0] as Blob, two.heard[0] as ArrayBuffer]
  expect([...new Uint8Array(await ofOne.arrayBuffer())]).toEqual([1, 2, 3])
  expect([...new Uint8Array(ofTwo)]).toEqual([1, 2, 3])
})

test('close() leaves no lock', async () => {
  const [one, two] = [await openTab('gone'), await openTab('gone')]
  await isOpen(one)
  await isOpen(two)
  const mine = async () => {
    const { held = [], pending = [] } = await navigator.locks.query()
    return [...held, ...pending].filter(({ name }) => name === 'evenkeel gone').length
  }
  expect(await mine()).toBe(2)
  two.socket.close()
  one.socket.close()
  await expect.poll(() => one.socket.readyState).toBe(3)
  await expect.poll(mine).toBe(0)
})

test('strangers on the channel are ignored', async () => {
  const tab = await openTab('strange')
  await isOpen(tab)
  const stranger = new BroadcastChannel('evenkeel strange')
  stranger.postMessage({ evenkeel: 1, type: 'lead', state: 'closed' })
  stranger.postMessage(JSON.parse('{"__proto__":{"evenkeel":1}}'))
  await expect.poll(() => tab.socket.ignoredMessages).toBe(2)
  stranger.close()
  expect(tab.socket.readyState).toBe(1)
})
