import axe, { type AxeResults } from 'axe-core'
import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { chatWorld } from './chat-world.ts'

const world = chatWorld()

/** What axe has against a page as it stands: the rule, and the elements. */
async function violations(page: Page): Promise<string[]> {
  // A colour on its way to another has the contrast of neither.
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .flatMap((each) => (each instanceof CSSTransition ? each.finished : [])),
    ),
  )
  await page.evaluate(axe.source)
  const results: AxeResults = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice'],
    }),
  )
  return results.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

const desktop = { width: 1440, height: 900 }
const phone = { width: 390, height: 844 }

describe.each([
  ['light', desktop],
  ['dark', desktop],
  ['light', phone],
  ['dark', phone],
] as const)('in %s, %o', (colorScheme, viewport) => {
  it('nothing keeps anybody out, in calm and in storm', async () => {
    const context = await world.context({ colorScheme, viewport, reducedMotion: 'reduce' })
    const start = await context.newPage()
    await start.goto(world.url)
    await start.getByLabel('Your name').waitFor()
    expect(await violations(start)).toEqual([])

    const { page, box, outgoing } = await aboard(context)
    expect(await violations(page)).toEqual([])
    world.mock.gateway.act({ kind: 'restart', downMs: 600_000, sessions: 'lose' })
    await box.fill('hello?')
    await box.press('Enter')
    await outgoing.getByText('Retrying').waitFor()
    expect(await violations(page)).toEqual([])
    await context.setOffline(true)
    await page.locator('.health-banner').getByText('Offline').waitFor()
    expect(await violations(page)).toEqual([])
    if (viewport === phone) {
      const opener = page.locator('.pill')
      await opener.click()
      await expect
        .poll(() =>
          page
            .getByRole('button', { name: 'Close', exact: true })
            .evaluate((each) => each === document.activeElement),
        )
        .toBe(true)
      expect(await violations(page)).toEqual([])
      await page.keyboard.press('Escape')
      await expect.poll(() => opener.evaluate((each) => each === document.activeElement)).toBe(true)
    }
    world.mock.gateway.act({ kind: 'restart', downMs: 1, sessions: 'lose' })
  })
})

/** Somebody whose page may be too narrow for the panel: it is there all the same. */
async function aboard(context: Awaited<ReturnType<typeof world.context>>) {
  const page = await context.newPage()
  await page.goto(world.url)
  await page.getByLabel('Your name').fill('Robin')
  await page.getByRole('button', { name: 'Come aboard' }).click()
  await page.getByRole('log').locator('.message').last().waitFor()
  const list = page.getByRole('list', { name: 'On their way' })
  return { page, box: page.locator('#message-box'), outgoing: list.locator('.message') }
}
