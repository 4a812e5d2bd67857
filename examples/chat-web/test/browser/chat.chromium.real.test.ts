import { describe, expect, it } from 'vitest'
import { chatWorld } from './chat-world.ts'

const world = chatWorld()

/** The least PNG there is: one pixel. */
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

describe('two people in two browsers', () => {
  it('read each other at once, see who types, and react', async () => {
    const [ada, kim] = await Promise.all([world.visitor('Anna'), world.visitor('Kim')])
    await kim.box.pressSequentially('Hello, An')
    await ada.page.getByText('Kim is typing').waitFor()
    await kim.say('Hello, Anna')
    await ada.message('Hello, Anna').waitFor()
    expect(await ada.page.getByText('Kim is typing').count()).toBe(0)
    await ada.message('Hello, Anna').hover()
    await ada.message('Hello, Anna').getByRole('button', { name: 'React' }).click()
    await ada.message('Hello, Anna').getByRole('button', { name: 'React with ⚓' }).click()
    await kim.message('Hello, Anna').getByRole('button', { name: '⚓ 1' }).click()
    await ada.message('Hello, Anna').getByRole('button', { name: '⚓ 2' }).waitFor()
    expect(await kim.message('Hello, Anna').count()).toBe(1)
    expect(world.countOf('Hello, Anna')).toBe(1)
  })

  it('see what is unread in other channels, and what is new when they come back', async () => {
    const [lin, mo] = await Promise.all([world.visitor('Lin'), world.visitor('Mo')])
    await lin.page.getByRole('button', { name: 'deck' }).click()
    await lin.page.getByText('Nothing has been said here yet.').waitFor()
    await mo.say('one')
    await mo.say('two')
    await lin.page.getByRole('button', { name: /general.*2 unread/ }).waitFor()
    await expect.poll(() => lin.page.title()).toBe('(2) #deck · evenkeel chat')
    await lin.page.getByRole('button', { name: /general/ }).click()
    await lin.message('two').waitFor()
    expect(await lin.page.locator('.divider.new').count()).toBe(1)
    expect(await lin.page.getByRole('button', { name: /unread/ }).count()).toBe(0)
    await lin.say('I see')
    await expect.poll(() => lin.page.locator('.divider.new').count()).toBe(0)
  })
})

it('an upload survives a broken attempt, is shown to others, and is there once', async () => {
  const [noor, otto] = await Promise.all([world.visitor('Noor'), world.visitor('Otto')])
  const match = { method: 'POST', route: '/channels/:channel/messages' }
  world.mock.machinery.act({ fault: { fault: { kind: 'status', status: 502 }, match, count: 1 } })
  const files = [{ name: 'pixel.png', mimeType: 'image/png', buffer: pixel }]
  await noor.page.getByLabel('Files to attach').setInputFiles(files)
  await noor.say('a picture')
  await noor.message('a picture').waitFor()
  expect(await noor.statesOf('a picture')).toContain('retrying')
  const picture = otto.message('a picture').getByRole('img', { name: 'pixel.png' })
  await picture.waitFor()
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1)
  expect(world.postsOf('Noor').map(({ status }) => status)).toEqual([502, 200])
  expect(world.countOf('a picture')).toBe(1)
})

it('a message whose answer is lost is there once, although it was posted twice', async () => {
  const rae = await world.visitor('Rae')
  // Chromium itself repeats what breaks on a connection that it had used before, POST or not.
  await rae.press('Lose answer')
  await rae.page.getByText('Done: takes the next message').waitFor()
  await rae.say('said twice')
  await expect
    .poll(() => world.postsOf('Rae').map(({ status }) => status))
    .toEqual(['dropped', 200])
  await rae.message('said twice').waitFor()
  await expect.poll(() => rae.outgoing('said twice').count()).toBe(0)
  expect([world.countOf('said twice'), await rae.message('said twice').count()]).toEqual([1, 1])
})

it('two tabs of one user share a connection, and another takes it over', async () => {
  const context = await world.context()
  const first = await world.visitor('Pia', context)
  await expect.poll(() => world.mock.gateway.size).toBe(1)
  const second = await world.visitor('Pia', context)
  await second.socketSays('known in another tab')
  await second.say('from the second tab')
  await first.message('from the second tab').waitFor()
  expect(world.mock.gateway.size).toBe(1)
  await first.page.close()
  await second.socketSays('The tab that held it is gone')
  await second.socketSays('Connected')
  await world.post('to the tab that is left')
  await second.message('to the tab that is left').waitFor()
  expect(await second.message('from the second tab').count()).toBe(1)
  expect(world.mock.gateway.size).toBe(1)
})

it('a page that is loaded again goes on as the same user', async () => {
  const quin = await world.visitor('Quin')
  await quin.say('before')
  await quin.message('before').waitFor()
  await quin.page.reload()
  await quin.socketSays('Connected')
  await quin.message('before').waitFor()
  await quin.page.getByRole('button', { name: 'Sign out' }).click()
  await quin.page.getByLabel('Your name').waitFor()
  await expect.poll(() => world.mock.gateway.size).toBe(0)
})
