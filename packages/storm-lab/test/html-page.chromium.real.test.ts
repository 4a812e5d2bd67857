import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import axe, { type AxeResults } from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { htmlReport } from '../src/html.ts'
import { contenders, runStorm, scenarios } from '../src/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-page-'))
const file = join(folder, 'report.html')
const url = pathToFileURL(file).href
let browser: Browser

beforeAll(async () => {
  const report = await runStorm(scenarios['incident-2022'], {
    clients: 300,
    contenders: [contenders['fixed-1s'], contenders.prescription, contenders['evenkeel-hint']],
  })
  writeFileSync(file, htmlReport(report, { command: 'npx @evenkeel/storm-lab run incident-2022' }))
  const executablePath = process.env.EVENKEEL_CHROMIUM ?? '/usr/bin/chromium'
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
})
afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true })
})

const desktop = { width: 1280, height: 900 }
const phone = { width: 390, height: 844 }

/** A page with the report, and what it asked for and complained of. */
async function opened(options: BrowserContextOptions) {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (line) => complaints.push(line.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => request.url() !== url && complaints.push(request.url()))
  await page.goto(url)
  await page.locator('figure canvas').first().waitFor()
  return { page, complaints, close: () => context.close() }
}

/** Of each chart, how many pixels are of each contender's colour. */
function drawn(page: Page): Promise<number[][]> {
  return page.evaluate(() => {
    const buttons = [...document.querySelectorAll<HTMLElement>('[data-fleet]')]
    const colours = buttons.map((button) => {
      const probe = document.createElement('i')
      probe.style.color = getComputedStyle(button).getPropertyValue('--fleet')
      document.body.append(probe)
      const [red = 0, green = 0, blue = 0] =
        getComputedStyle(probe).color.match(/\d+/g)?.map(Number) ?? []
      probe.remove()
      return [red, green, blue]
    })
    return [...document.querySelectorAll('canvas')].map((canvas) => {
      const { width, height } = canvas
      const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
      copy?.drawImage(canvas, 0, 0)
      const { data = [] } = copy?.getImageData(0, 0, width, height) ?? {}
      return colours.map((colour) => {
        let count = 0
        for (let at = 0; at < data.length; at += 4)
          if (data[at + 3] === 255 && colour.every((part, which) => data[at + which] === part))
            count++
        return count
      })
    })
  })
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const results: AxeResults = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice'],
    }),
  )
  return results.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

describe.each([
  ['light', desktop],
  ['dark', desktop],
  ['light', phone],
  ['dark', phone],
] as const)('the page in %s, %o', (colorScheme, viewport) => {
  it('draws all charts, asks for nothing, keeps nobody out and fits', async () => {
    const { page, complaints, close } = await opened({ colorScheme, viewport })
    await expect.poll(() => drawn(page).then(({ length }) => length)).toBe(7)
    const [success, attempts] = (await drawn(page)) as [number[], number[]]
    for (const pixels of [...success, ...attempts]) expect(pixels).toBeGreaterThan(50)
    expect(await violations(page)).toEqual([])
    const wider = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(wider).toBe(0)
    expect(complaints).toEqual([])
    await close()
  })
})

describe('the page', () => {
  it('hides a fleet in every chart, and shows it again', async () => {
    const { page, close } = await opened({ viewport: desktop })
    const button = page.getByRole('button', { name: 'prescription' })
    const before = await drawn(page)
    await button.click()
    expect(await button.getAttribute('aria-pressed')).toBe('false')
    await expect
      .poll(async () => (await drawn(page)).map((chart) => chart[1]))
      .toEqual(before.map(() => 0))
    await button.click()
    await expect.poll(() => drawn(page)).toEqual(before)
    await close()
  })

  it('tells the values at the cursor, the phase and who is shown', async () => {
    const { page, close } = await opened({ viewport: desktop })
    const over = page.locator('figure .u-over').first()
    const box = await over.boundingBox()
    // 20 minutes in: ten of calm, then the spike.
    await over.hover({ position: { x: ((box?.width ?? 0) * 20) / 230, y: 50 } })
    const tip = page.locator('figure .tip').first()
    await expect.poll(() => tip.textContent()).toMatch(/^0:\d\d · spike/)
    expect(await tip.textContent()).toMatch(/fixed-1s [\d.]+ %prescription [\d.]+ %evenkeel-hint/)
    await page.getByRole('button', { name: 'prescription' }).click()
    await over.hover({ position: { x: ((box?.width ?? 0) * 21) / 230, y: 60 } })
    await expect.poll(() => tip.textContent()).not.toContain('prescription')
    await close()
  })

  it('has room for four fleets and several seeds on paper, and for one beside its labels on a phone', async () => {
    const fleets = [
      contenders['fixed-1s'],
      contenders.prescription,
      contenders['evenkeel-hint'],
      contenders.evenkeel,
    ]
    const run = (seed: number) =>
      runStorm(scenarios['outage-60s'], { clients: 100, seed, contenders: fleets })
    const seeds = join(folder, 'seeds.html')
    writeFileSync(seeds, htmlReport([await run(1), await run(2)]))
    const context = await browser.newContext({ viewport: { width: 688, height: 1000 } })
    const page = await context.newPage()
    await page.goto(pathToFileURL(seeds).href)
    await page.emulateMedia({ media: 'print' })
    // A4 less its margins, at 96 pixels an inch.
    const hidden = () =>
      page
        .locator('.scroll')
        .evaluateAll((all) => all.map((each) => each.scrollWidth - each.clientWidth))
    expect(await hidden()).toEqual([0, 0])
    await page.emulateMedia({ media: 'screen' })
    await page.setViewportSize({ width: 360, height: 740 })
    const cells = page.locator('.figures').first().locator('tbody td:nth-of-type(1)')
    const ends = await cells.evaluateAll((all) =>
      all.map((each) => each.getBoundingClientRect().right),
    )
    expect(Math.max(...ends)).toBeLessThanOrEqual(360)
    await context.close()
  })

  it('prints in the colours of paper, whatever the screen is', async () => {
    const { page, complaints, close } = await opened({ viewport: desktop, colorScheme: 'dark' })
    const colour = () =>
      page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--c0'))
    const dark = await colour()
    const inks = await page.evaluate(() => {
      const seen: string[] = []
      addEventListener('beforeprint', () =>
        seen.push(getComputedStyle(document.documentElement).getPropertyValue('--c0')),
      )
      return Object.assign(globalThis, { seen }) && seen.length
    })
    expect(inks).toBe(0)
    const pdf = await page.pdf({ format: 'A4', printBackground: true })
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    const printed = await page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen)
    expect(printed).toHaveLength(1)
    expect(printed[0]).not.toBe(dark)
    await expect.poll(colour).toBe(dark)
    expect(complaints).toEqual([])
    await close()
  })
})
