import { afterEach, expect, inject, test } from 'vitest'
import type { FetchEvent } from '../src/index.ts'
import type { SharedFetch } from '../src/shared-state.ts'

const origin = inject('origin')

/** A page of its own: each frame is another client to storage events, channels and locks. */
interface Tab {
  readonly frame: HTMLIFrameElement
  readonly fetch: SharedFetch
  /**
   * Until when those that had to wait were to wait. When they go may be later: on a busy machine, and in Firefox, which
   * fires long timers of an idle page together.
   */
  readonly plannedAtMs: number[]
}

const tabs: Tab[] = []
afterEach(() => {
  for (const { fetch, frame } of tabs.splice(0)) {
    fetch.shared.close()
    frame.remove()
  }
  localStorage.clear()
})

async function openTab(name: string): Promise<Tab> {
  const frame = document.createElement('iframe')
  frame.srcdoc = '<!doctype html>'
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
  document.body.append(frame)
  await loaded
  const view = frame.contentWindow as Window & { state?: typeof import('../src/shared-state.ts') }
  const script = view.document.createElement('script')
  script.type = 'module'
  const source = new URL('../src/shared-state.ts', import.meta.url).pathname
  script.textContent = `import * as state from ${JSON.stringify(source)}; window.state = state`
  view.document.body.append(script)
  await expect.poll(() => view.state !== undefined).toBe(true)
  const { sharedFetch } = view.state as typeof import('../src/shared-state.ts')
  const plannedAtMs: number[] = []
  const onEvent = (event: FetchEvent) => {
    if (event.type === 'parked') plannedAtMs.push(Date.now() + (event.waitMs ?? 0))
  }
  const fetch = sharedFetch({ retry: false, onEvent }, { name })
  const tab = { frame, fetch, plannedAtMs }
  tabs.push(tab)
  return tab
}

async function openTabs(name: string, count: number): Promise<Tab[]> {
  const opened: Tab[] = []
  for (let each = 0; each < count; each++) opened.push(await openTab(name))
  await expect
    .poll(() => opened.map(({ fetch }) => fetch.shared.tabs))
    .toEqual(Array(count).fill(count - 1))
  return opened
}

const instants = async (key: string): Promise<number[]> =>
  (await fetch(`${origin}/instants/${key}`)).json()
const hits = async (key: string) => Number(await (await fetch(`${origin}/count/${key}`)).text())

test('six tabs send nothing for the ten seconds that one was asked to wait, and then take turns', {
  timeout: 60_000,
}, async () => {
  const key = crypto.randomUUID()
  const api = `${origin}/flaky/${key}?status=429&retry-after=10`
  const six = await openTabs(key, 6)
  const refusedAtMs = Date.now()
  const [first] = six as [Tab]
  expect((await first.fetch(api)).status).toBe(429)
  await expect
    .poll(() =>
      six.map(({ fetch }) => (fetch.policies.rateLimit?.state(origin).cooldownMs ?? 0) > 0),
    )
    .toEqual(Array(6).fill(true))
  const answers = six.map((tab) => tab.fetch(api))
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(6).fill(200))
  const inOrder = (atMs: number[]) =>
    atMs.map((instant) => Math.round(instant - refusedAtMs)).sort((a, b) => a - b)
  const sent = inOrder(await instants(key))
  const planned = inOrder(six.flatMap(({ plannedAtMs }) => plannedAtMs))
  const gaps = planned.slice(1).map((atMs, index) => atMs - (planned[index] as number))
  console.log(`requests after ${sent.join(', ')} ms`)
  expect(sent).toHaveLength(7)
  expect(sent[1]).toBeGreaterThanOrEqual(10_000)
  // The ramp of 5 s has its first six places 500, 292, 208, 161 and 132 ms apart; a busy tab may note its own late, which narrows one gap.
  expect(gaps).toHaveLength(5)
  expect(gaps.filter((gap) => gap > 100).length).toBeGreaterThanOrEqual(4)
  expect(gaps.reduce((sum, gap) => sum + gap)).toBeGreaterThan(1000)
})

test('one tab probes for all', { timeout: 60_000 }, async () => {
  const key = crypto.randomUUID()
  const api = `${origin}/flaky/${key}?failures=8&status=500`
  const three = await openTabs(key, 3)
  const [first] = three as [Tab]
  for (let failure = 0; failure < 8; failure++) await first.fetch(api)
  const states = () => three.map(({ fetch }) => fetch.policies.circuitBreaker?.state(origin))
  await expect.poll(states).toEqual(Array(3).fill('open'))
  await expect.poll(states).toEqual(Array(3).fill('half-open'))
  const outcomes = await Promise.allSettled(three.map((tab) => tab.fetch(api)))
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await hits(key)).toBe(9)
  await expect.poll(states).toEqual(Array(3).fill('closed'))
})

test('a reload goes on where the page before was', async () => {
  const key = crypto.randomUUID()
  const api = `${origin}/flaky/${key}?status=429&retry-after=30`
  const before = await openTab(key)
  expect((await before.fetch(api)).status).toBe(429)
  before.frame.remove()
  const after = await openTab(key)
  const leftMs = after.fetch.policies.rateLimit?.state(origin).cooldownMs ?? 0
  expect(leftMs).toBeGreaterThan(20_000)
  expect(leftMs).toBeLessThanOrEqual(45_000)
  await expect(after.fetch(api, { evenkeel: { totalTimeoutMs: 1000 } })).rejects.toMatchObject({
    code: 'COOLDOWN_TOO_LONG',
  })
  expect(await hits(key)).toBe(1)
})
