import type { BrowserContext, Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import { chatWorld } from './chat-world.ts'

const world = chatWorld()

/** Waits until the page can be loaded without a network. */
const isAtHand = (page: Page): Promise<void> =>
  expect
    .poll(() => page.evaluate(async () => Boolean(await caches.match('/config.json'))))
    .toBe(true)

const countsOf = (texts: readonly string[]): number[] => texts.map(world.countOf)

/** What the server has of these, in its order. */
const orderOf = (texts: readonly string[]): string[] =>
  world.mock.store
    .messages(world.channel)
    .all()
    .map(({ data }) => data.content)
    .filter((content) => texts.includes(content))

/** Somebody whose network can be cut, by the browser's own switch. */
async function aboard(name: string, context: BrowserContext) {
  const visitor = await world.visitor(name, context)
  const banner = visitor.page.getByRole('region', { name: 'Health of the server' })
  await isAtHand(visitor.page)
  return { visitor, banner }
}

describe('what is written without a network', () => {
  it('is kept, outlives a reload that there is no network for either, and goes once, in order', async () => {
    const context = await world.context()
    const { visitor: ida, banner } = await aboard('Ida', context)
    const kim = await world.visitor('Kim')
    await context.setOffline(true)
    await banner.getByText('Offline').waitFor()
    const texts = ['on a plane', 'still on it', 'landing']
    for (const text of texts) {
      await ida.say(text)
      await ida.outgoing(text).getByText('Kept here: goes when you are online again').waitFor()
    }
    await banner.getByText('3 messages are kept, and go when you are online again.').waitFor()

    await ida.page.reload()
    await banner.getByText('3 messages are kept').waitFor()
    for (const text of texts) await ida.outgoing(text).waitFor()
    await ida.say('after a reload')
    await ida.outgoing('after a reload').waitFor()
    const all = [...texts, 'after a reload']
    expect([countsOf(all), world.postsOf('Ida')]).toEqual([[0, 0, 0, 0], []])

    await context.setOffline(false)
    for (const text of all) await ida.message(text).waitFor()
    await expect.poll(() => ida.outgoing('').count()).toBe(0)
    for (const text of all) await kim.message(text).waitFor()
    expect(countsOf(all)).toEqual([1, 1, 1, 1])
    expect(orderOf(all)).toEqual(all)
    expect(world.postsOf('Ida').map(({ status }) => status)).toEqual([200, 200, 200, 200])
    for (const person of [ida, kim])
      for (const text of all) expect(await person.message(text).count()).toBe(1)
    await banner.getByText('Calm again').waitFor()
  })

  it('in two tabs goes once, by one of them, over the one connection that both have', async () => {
    const context = await world.context()
    const { visitor: first } = await aboard('Pim', context)
    const { visitor: second } = await aboard('Pim', context)
    await second.socketSays('known in another tab')
    expect(world.mock.gateway.size).toBe(1)
    await context.setOffline(true)
    await first.say('from the first')
    await second.say('from the second')
    // Each shows what the other has written.
    await first.outgoing('from the second').waitFor()
    await second.outgoing('from the first').waitFor()
    await Promise.all([first.page.reload(), second.page.reload()])
    await context.setOffline(false)
    const texts = ['from the first', 'from the second']
    for (const tab of [first, second]) for (const text of texts) await tab.message(text).waitFor()
    for (const tab of [first, second]) await expect.poll(() => tab.outgoing('').count()).toBe(0)
    expect(countsOf(texts)).toEqual([1, 1])
    expect(world.postsOf('Pim').map(({ status }) => status)).toEqual([200, 200])
    await expect.poll(() => world.mock.gateway.size).toBe(1)
  })

  it('can be taken back before it goes', async () => {
    const context = await world.context()
    const { visitor: jo } = await aboard('Jo', context)
    await context.setOffline(true)
    await jo.say('never mind')
    await jo.say('this one')
    await jo.outgoing('never mind').getByRole('button', { name: 'Discard' }).click()
    await expect.poll(() => jo.outgoing('never mind').count()).toBe(0)
    await context.setOffline(false)
    await jo.message('this one').waitFor()
    expect(countsOf(['never mind', 'this one'])).toEqual([0, 1])
  })
})

it('a server that fails is a storm with its reason, in which typing is not told and messages are kept', async () => {
  const { visitor: eve, banner } = await aboard('Eve', await world.context())
  expect(await banner.textContent()).toBe('')
  world.mock.machinery.act({ fault: { fault: { kind: 'status', status: 500 } } })
  await eve.say('through the storm')
  await banner.getByText(/Storm.*(fail|down)/).waitFor()
  await banner.getByText('One message is kept, and goes by itself. Typing is not told.').waitFor()
  const typings = () =>
    world.served.filter(
      ({ path, credential }) => path.endsWith('/typing') && credential === 'Bot Eve',
    ).length
  const before = typings()
  await eve.box.pressSequentially('is anybody there')
  world.mock.machinery.act({ clearFaults: true })
  await eve.message('through the storm').waitFor()
  expect([typings(), world.countOf('through the storm')]).toEqual([before, 1])
})
