import { memoryStore } from '@evenkeel/core/persistence'
import { fakeTabs, manualClock, seededRandom } from '@evenkeel/core/testing'
import { sharing } from '@evenkeel/fetch/shared-state'
import { expect, it } from 'vitest'
import { errorCode } from '../src/index.ts'
import { world } from './world.ts'

it('tabs share what their clients know of the API, and so does the page after a reload', async () => {
  const clock = manualClock()
  const tabs = fakeTabs()
  const store = memoryStore()
  let opened = 0
  const open = () => {
    const { channel, locks } = tabs.open()
    return world(() => ({ status: 500 }), {
      clock,
      random: seededRandom(++opened),
      retry: false,
      shared: (host) => sharing({ ...host, store, channel, locks, page: () => () => {} }),
    })
  }
  const [one, two] = [open(), open()]
  for (let i = 0; i < 8; i++) await one.client.fetch(`x${i}`)
  await clock.advance(0)
  expect(one.client.shared?.tabs).toBe(1)
  expect(await two.client.fetch('x').catch(errorCode)).toBe('CIRCUIT_OPEN')
  await Promise.all([one.client.close(), two.client.close()])
  expect(tabs.inUse).toBe(0)
  const reloaded = open()
  expect(await reloaded.client.fetch('x').catch(errorCode)).toBe('CIRCUIT_OPEN')
  expect(reloaded.asked).toEqual([])
  await reloaded.client.close()
})

it('a client that shares nothing says so', () => {
  expect(world().client.shared).toBeUndefined()
})

it('a client without a rate limit shares the rest', async () => {
  const { channel, locks } = fakeTabs().open()
  const { client } = world(undefined, {
    rateLimit: false,
    shared: (host) => sharing({ ...host, store: memoryStore(), channel, locks }),
  })
  expect((await client.fetch('x')).status).toBe(200)
  await client.close()
})
