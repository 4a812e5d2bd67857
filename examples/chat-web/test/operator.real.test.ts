import { fixedIds, startIncident } from '@evenkeel/mock-discord'
import { expect, it, onTestFinished, vi } from 'vitest'
import { chatter, doMischief, heal, mischiefs } from '../src/net/operator.ts'

/** The server, which is up again as soon as it is down. */
async function server() {
  const mock = await startIncident()
  onTestFinished(() => mock.close())
  return {
    mock,
    async up() {
      mock.gateway.act({ kind: 'restart', downMs: 1 })
      await vi.waitFor(() => fetch(mock.url), 30_000)
    },
  }
}

it.each([...mischiefs, chatter(fixedIds.firstChannel), heal])(
  '$name is something that the server understands',
  async (mischief) => {
    const { mock, up } = await server()
    await doMischief(mock.url, mischief)
    await up()
  },
)

it('heals what lasts', async () => {
  const { mock } = await server()
  for (const { id } of mischiefs.filter(({ id }) => ['slow', 'refuse'].includes(id)))
    await doMischief(mock.url, mischiefs.find((each) => each.id === id) as (typeof mischiefs)[0])
  expect(mock.machinery.faultRules.active).toHaveLength(1)
  expect(mock.gateway.handshakeFault).toBeDefined()
  await doMischief(mock.url, heal)
  expect([mock.machinery.faultRules.active, mock.gateway.handshakeFault]).toEqual([[], undefined])
})

it('says so when the server says no, or nothing', async () => {
  const { mock } = await server()
  await expect(doMischief(mock.url, chatter('0'))).rejects.toThrow('/sockets/actions answered 400')
  await mock.close()
  await expect(doMischief(mock.url, heal)).rejects.toThrow('fetch failed')
})
