import type { IncomingMessage, ServerResponse } from 'node:http'
import { seededRandom } from '@evenkeel/core/testing'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sourceServer } from './source-server.ts'

const entries = 1000
const kills = 200
const names = ['one', 'two'] as const

/** How often the server applied each entry, by id: a key it knows not again, what has none each time. */
const applied = new Map<string, number>()
const keys = new Set<string>()
const promised = new Map<string, number>()
const reported = new Set<string>()
const figures = { requests: 0, replays: 0 }
/** Called with each sign of life of a page. */
const onSign = new Map<string, (verb: string, number: number) => void>()

function serve(request: IncomingMessage, response: ServerResponse): void {
  const [, page = '', verb = '', id = '', number] = (request.url ?? '').split('/')
  if (verb === 'promised') promised.set(id, Number(number))
  if (verb === 'failed') reported.add(id)
  if (verb === 'apply') {
    figures.requests++
    const key = String(request.headers['idempotency-key'])
    if (keys.has(key)) figures.replays++
    else {
      if (key !== '') keys.add(key)
      applied.set(id, (applied.get(id) ?? 0) + 1)
    }
  }
  onSign.get(page)?.(verb, Number(number))
  response.end()
}

let browser: Browser
let server: Awaited<ReturnType<typeof sourceServer>>
beforeAll(async () => {
  server = await sourceServer(new URL('./crash-page.ts', import.meta.url), serve)
  browser = await puppeteer.launch({
    executablePath: process.env.EVENKEEL_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  })
}, 60_000)
afterAll(async () => {
  await browser?.close()
  server?.close()
})

/** Ends a page from one moment to the next: its process dies, or it is closed without a word. */
async function kill(page: Page, crashes: boolean): Promise<void> {
  if (crashes) {
    const session = await page.createCDPSession()
    await new Promise((resolve) => {
      page.once('error', resolve)
      session.send('Page.crash').catch(() => {})
    })
  }
  await page.close({ runBeforeUnload: false })
}

it(`${entries} entries in IndexedDB outlast ${kills} deaths of two pages: none is lost, none applied twice`, {
  timeout: 900_000,
}, async () => {
  const random = seededRandom(20_220_125)
  let killed = 0
  let crashed = 0

  /** Opens a page anew each time that it dies; resolves when it has done its half, and nothing waits. */
  async function live(name: string, place: number): Promise<Page> {
    let next = place
    for (;;) {
      const page = await browser.newPage()
      const killAfter = killed < kills ? 1 + Math.floor(random() * 10) : Infinity
      let signs = 0
      const end = new Promise<'killed' | 'crashed' | 'done'>((resolve) => {
        // Pages of an origin may be of one process, and die together.
        page.once('error', () => resolve('crashed'))
        onSign.set(name, (verb, number) => {
          if (verb === 'promised') next = number + names.length
          if (verb === 'done') resolve('done')
          else if (++signs === killAfter) resolve('killed')
        })
      })
      // One that dies while it loads has no answer.
      page.goto(`${server.origin}/?${name}&${next}&${entries}&${names.length}`).catch(() => {})
      const how = await end
      if (how === 'done') return page
      onSign.delete(name)
      killed++
      const crashes = how === 'crashed' || random() < 0.5
      if (crashes) crashed++
      await kill(page, crashes && how === 'killed')
    }
  }

  const pages = await Promise.all(names.map(live))
  const left = await (pages[0] as Page).evaluate(
    () =>
      new Promise((resolve) => {
        indexedDB.open('evenkeel outbox crash').onsuccess = ({ target }) => {
          const { result } = target as IDBOpenDBRequest
          result.transaction('entries').objectStore('entries').count().onsuccess = (event) =>
            resolve((event.target as IDBRequest).result)
        }
      }),
  )
  const lost = [...promised.keys()].filter((id) => !applied.has(id) && !reported.has(id))
  const doubled = [...applied].filter(([, times]) => times > 1)
  console.info(
    `${promised.size} entries, ${killed} pages killed, ${crashed} of them by a crash: ${figures.requests} requests ` +
      `of which ${figures.replays} known by their key, ${reported.size} without a key reported, ` +
      `${lost.length} lost, ${doubled.length} applied twice, ${left} left`,
  )
  expect({ killed: killed >= kills, lost, doubled, left }).toEqual({
    killed: true,
    lost: [],
    doubled: [],
    left: 0,
  })
  expect(promised.size).toBeGreaterThan(entries / 2)
})
