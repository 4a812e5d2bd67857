import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { chatWorld } from './chat-world.ts'
import type { Visitor } from './visitor.ts'

const world = chatWorld()

/** All that has come to the server: calls, and dials that were taken or refused. */
function arrivals(): number {
  const { accepted, upgradeFailures } = world.mock.gateway.status
  const refused = Object.values(upgradeFailures).reduce((sum, count) => sum + count, 0)
  return world.served.length + accepted + refused
}

/** What is promised of reloads, as a multiple of what waiting costs. */
const mostMore = 1.2

const outages = {
  'answers 503': [
    { kind: 'status', status: 503 },
    { kind: 'refuse', status: 503 },
  ],
  'drops connections': [{ kind: 'drop' }, { kind: 'reset' }],
} as const

describe('a server that', () => {
  it.each(Object.keys(outages) as (keyof typeof outages)[])(
    '%s has at most a fifth more requests from who reloads ten times than from who waits',
    async (name) => {
      const [fault, handshakes] = outages[name]
      const [wim, rob] = name === 'answers 503' ? ['Wim', 'Rob'] : ['Willa', 'Robin']
      /** How much somebody sends who writes a message into an outage of some 22 s, and then does this. */
      async function sentBy(who: string, act: (visitor: Visitor) => Promise<void>) {
        world.mock.machinery.reset()
        const visitor = await world.visitor(who)
        const before = arrivals()
        world.mock.machinery.act({ fault: { fault } })
        world.mock.gateway.act({ kind: 'handshakes', fault: handshakes })
        world.mock.gateway.act({ kind: 'drop' })
        await visitor.say(`from ${who}`)
        await act(visitor)
        const sent = arrivals() - before
        world.mock.gateway.act({ kind: 'heal' })
        world.mock.machinery.act({ clearFaults: true })
        await visitor.message(`from ${who}`).waitFor()
        expect(world.countOf(`from ${who}`)).toBe(1)
        await visitor.page.close()
        return sent
      }
      let outageMs = 0
      const reloading = await sentBy(rob, async ({ page }) => {
        const startMs = performance.now()
        for (let n = 0; n < 10; n++) {
          await sleep(2000)
          await page.reload()
        }
        await page
          .getByText(/^Kept from before the reload: .*retry budget.*No other tab shares it/)
          .waitFor()
        outageMs = performance.now() - startMs
      })
      const waiting = await sentBy(wim, () => sleep(outageMs))
      console.info(`${name}: ${waiting} requests from who waits, ${reloading} from who reloads`)
      expect(reloading).toBeLessThanOrEqual(mostMore * waiting)
    },
    240_000,
  )
})

it('a 429 that one tab is answered holds the other as long, which says so', async () => {
  const context = await world.context()
  const first = await world.visitor('Tim', context)
  const second = await world.visitor('Tim', context)
  await second.page.getByText('One other tab shares it.').waitFor()
  const match = { method: 'POST', route: '/channels/:channel/messages' }
  // Long enough to be seen by both on a busy machine.
  const cooldownMs = 10_000
  const fault = { kind: 'rate-limit', retryAfterMs: cooldownMs } as const
  world.mock.machinery.act({ fault: { fault, match, count: 1 } })
  await first.say('refused first')
  await second.tile('cooldown').getByText('as all tabs of this chat').waitFor()
  await first.tile('cooldown').getByText('as the server asks').waitFor()
  await second.say('held, too')
  await second
    .tile('cooldown')
    .getByText(/in \d+ s/)
    .waitFor()
  for (const text of ['refused first', 'held, too'])
    for (const tab of [first, second]) await tab.message(text).waitFor()
  const posts = world.postsOf('Tim')
  expect(posts.map(({ status }) => status)).toEqual([429, 200, 200])
  const { endedAtMs = 0 } = posts[0] ?? {}
  const early = world.served.filter(
    ({ credential, beganAtMs, path }) =>
      credential === 'Bot Tim' &&
      beganAtMs > endedAtMs &&
      beganAtMs < endedAtMs + cooldownMs &&
      !path.endsWith('/typing'),
  )
  expect(early).toEqual([])
})
