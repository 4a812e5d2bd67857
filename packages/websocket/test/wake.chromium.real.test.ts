import type { Browser } from 'puppeteer-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchChromium, type WakePage, wakePage } from './wake-page.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
}, 60_000)
afterAll(() => browser.close())

/** For a night's sleep or half an hour in the background, which the manual clock of the unit tests passes whole. */
const awhile = () => new Promise((resolve) => setTimeout(resolve, 1500))

/** Back within 5 s, by one dial. */
async function expectBack(page: WakePage, wake: () => Promise<unknown>): Promise<void> {
  const { tookMs, dials } = await page.back(wake)
  expect(dials).toBe(1)
  expect(tookMs).toBeLessThan(5000)
}

/** Shows another tab in its place. */
async function hide({ context, page }: WakePage): Promise<void> {
  await (await context.newPage()).bringToFront()
  await page.waitForFunction("document.visibilityState === 'hidden'", { polling: 50 })
}

/** As Chromium does with a tab that was hidden for long, and with all that a machine sleeps on. */
async function freeze(page: WakePage): Promise<void> {
  await hide(page)
  await page.cdp.send('Page.setWebLifecycleState', { state: 'frozen' })
}

async function resume({ cdp, page }: WakePage): Promise<void> {
  await cdp.send('Page.setWebLifecycleState', { state: 'active' })
  await page.bringToFront()
}
const offline = (page: WakePage, isOffline: boolean) =>
  page.cdp.send('Network.emulateNetworkConditions', {
    offline: isOffline,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: -1,
  })

it.each(['cut', 'deafen'] as const)(
  'a page that was frozen is back within 5 s of waking, by one dial (%s meanwhile)',
  async (how) => {
    const w = await wakePage(browser)
    await freeze(w)
    w[how]()
    await awhile()
    expect(w.dialledAtMs).toHaveLength(1)
    await expectBack(w, () => resume(w))
    expect(await w.seen()).toEqual(expect.arrayContaining(['freeze', 'resume', 'disconnected']))
  },
)

it.each(['cut', 'deafen'] as const)(
  'a tab that was hidden is back within 5 s of being seen, by one dial (%s meanwhile)',
  async (how) => {
    const w = await wakePage(browser)
    await hide(w)
    w[how]()
    await awhile()
    expect(w.dialledAtMs).toHaveLength(1)
    await expectBack(w, () => w.page.bringToFront())
  },
)

it.each(['cut', 'deafen'] as const)(
  'is back within 5 s of being online again, by one dial (%s while it was offline)',
  async (how) => {
    const w = await wakePage(browser)
    await w.cdp.send('Network.enable')
    await offline(w, true)
    w[how]()
    await awhile()
    expect(w.dialledAtMs).toHaveLength(1)
    await expectBack(w, () => offline(w, false))
    expect(await w.seen()).toEqual(expect.arrayContaining(['offline', 'online']))
  },
)

it('a page that comes back from the back/forward cache is back within 5 s, by one dial', async () => {
  const w = await wakePage(browser)
  await w.page.goto(`${w.url}elsewhere`)
  expect(w.dialledAtMs).toHaveLength(1)
  await expectBack(w, () => w.page.goBack())
  expect(await w.seen()).toEqual(
    expect.arrayContaining(['pagehide persisted', 'pageshow persisted']),
  )
})
