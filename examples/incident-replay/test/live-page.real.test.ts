import process from 'node:process'
import axe from 'axe-core'
import { type Browser, launch, type Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../src/live/find-chromium.ts'
import { livePage } from '../src/live/live-page.ts'
import { serveLive } from '../src/live/live-server.ts'
import { takePictures } from '../src/live/pictures.ts'
import { Recording } from '../src/live/recording.ts'
import { scenarios } from '../src/scenario/scenario.ts'
import { worlds } from '../src/worlds/worlds.ts'
import { ending, frame, frames } from './recorded.ts'

const chromium = findChromium(process.env.EVENKEEL_CHROMIUM)
const scenario = scenarios.full
const html = livePage(scenario, worlds)
const mebibyte = 2 ** 20

describe.skipIf(!chromium)('the live page', () => {
  let browser: Browser
  beforeAll(async () => {
    const args = ['--no-sandbox', '--disable-dev-shm-usage']
    browser = await launch({ executablePath: chromium as string, args })
  })
  afterAll(() => browser.close())

  const textOf = (page: Page, selector: string) =>
    page.$eval(selector, (element) => element.textContent)

  async function open(url: string) {
    const page = await browser.newPage()
    const problems: string[] = []
    page.on('pageerror', (error) => problems.push(String(error)))
    page.on('console', (line) => {
      if (line.type() === 'error') problems.push(line.text())
    })
    page.on('request', (request) => {
      if (!/^(?:data|blob):/.test(request.url()) && !request.url().startsWith(url))
        problems.push(`asked for ${request.url()}`)
    })
    await page.goto(url)
    return { page, problems }
  }

  it('shows a run from its history to its end, and hands over the report', async () => {
    const recording = new Recording()
    recording.add(frame(100_000))
    const live = await serveLive(html, recording)
    try {
      const { page, problems } = await open(live.url)
      await page.waitForFunction(() => document.querySelector('#clock')?.textContent === '1:40')
      expect(await textOf(page, '#phase')).toBe('spike: 10× the load')
      expect(await textOf(page, '.world.evenkeel .success b')).toBe('50 %')
      recording.add(frame(130_000))
      await page.waitForFunction(() => document.querySelector('#clock')?.textContent === '2:10')
      recording.end(ending)
      const link = await page.waitForSelector('#report a')
      expect(await textOf(page, '#outcome-p-retry')).toBe('What became of p-retry.')
      await live.close()

      await page.keyboard.press('Tab')
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Open the report')
      const report = await link
        ?.evaluate(async ({ href }) => (await fetch(href)).text())
        .catch(String)
      // The policy lets a script ask its server only; opening the link is no script's doing.
      expect(report).toContain('TypeError')
      const opened = new Promise<Page | null>((resolve) => page.once('popup', resolve))
      await page.keyboard.press('Enter')
      expect(await (await opened)?.title()).toBe('The report')
      expect(problems.filter((problem) => !problem.includes('Content Security Policy'))).toEqual([])
    } finally {
      await live.close()
    }
  })

  it.each(['light', 'dark'])('has nothing that axe minds, in %s', async (scheme) => {
    const page = await browser.newPage()
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
    await page.setContent(livePage(scenario, worlds, { frames, ending }))
    await page.evaluate(axe.source)
    const violations = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: typeof import('axe-core') }
      return (await axe.run()).violations.map(({ id, nodes }) => [
        id,
        nodes.map(({ html }) => html),
      ])
    })
    expect(violations).toEqual([])
  })

  it('holds still for who asks for it', async () => {
    const page = await browser.newPage()
    await page.setContent(html)
    const animation = () =>
      page.$eval('#now', (now) => getComputedStyle(now, '::before').animationName)
    expect(await animation()).toBe('pulse')
    await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }])
    expect(await animation()).toBe('none')
  })

  it('fits a phone without scrolling sideways', async () => {
    const page = await browser.newPage()
    await page.setViewport({ width: 360, height: 700 })
    await page.setContent(livePage(scenario, worlds, { frames, ending }))
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
  })

  it('is pictured from what was recorded, in bounded size', async () => {
    const pictures = await takePictures(chromium as string, scenario, worlds, { frames, ending })
    expect(pictures.map(({ caption }) => caption)).toEqual([
      'At the height of the spike',
      'At the end',
    ])
    for (const { webp } of pictures) {
      expect(Buffer.from(webp, 'base64').subarray(8, 12).toString()).toBe('WEBP')
      expect(webp.length).toBeLessThan(mebibyte)
      // Without its charts it would be a tenth of that.
      expect(webp.length).toBeGreaterThan(mebibyte / 20)
    }
  })
})
