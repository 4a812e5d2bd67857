import process from 'node:process'
import { launch } from 'puppeteer-core'
import type { Scenario } from '../scenario/scenario.ts'
import { Timeline } from '../scenario/timeline.ts'
import type { World } from '../worlds/world.ts'
import { livePage } from './live-page.ts'
import type { Recorded } from './recording.ts'

/** The live page as it was at an instant. */
export interface Picture {
  readonly caption: string
  /** WebP, in base64. */
  readonly webp: string
}

const width = 1_280
/** Of WebP, from 0 to 100. */
const quality = 80
const viewport = { width, height: 800, deviceScaleFactor: 1 }

/**
 * Draws the live page at the height of the spike and at the end, from what was recorded: while the run went on, a
 * browser would have taken from it what it measures.
 *
 * @throws what browser or page do not manage.
 */
export async function takePictures(
  chromium: string,
  scenario: Scenario,
  worlds: readonly World[],
  { frames, ending }: Recorded,
): Promise<readonly Picture[]> {
  const spikeMs = new Timeline(scenario.phases).phase('peak').endMs
  const moments: readonly (readonly [caption: string, recorded: Recorded])[] = [
    ['At the height of the spike', { frames: frames.filter(({ atMs }) => atMs <= spikeMs) }],
    ['At the end', { frames, ending: ending && { ...ending, report: undefined } }],
  ]
  const isRoot = process.getuid?.() === 0
  const browser = await launch({
    executablePath: chromium,
    defaultViewport: viewport,
    // Chromium refuses to run as root with it, as in a container.
    args: isRoot ? ['--no-sandbox'] : [],
  })
  const errors: unknown[] = []
  try {
    const pictures: Picture[] = []
    for (const [caption, recorded] of moments) {
      const page = await browser.newPage()
      page.on('pageerror', (error) => errors.push(error))
      await page.setContent(livePage(scenario, worlds, recorded))
      const webp = await page.screenshot({
        type: 'webp',
        quality,
        fullPage: true,
        encoding: 'base64',
      })
      pictures.push({ caption, webp })
    }
    if (errors.length > 0) throw errors[0]
    return pictures
  } finally {
    await browser.close()
  }
}
