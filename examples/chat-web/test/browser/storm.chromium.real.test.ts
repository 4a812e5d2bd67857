import { describe, expect, it } from 'vitest'
import { chatWorld } from './chat-world.ts'

const world = chatWorld()

describe('a message', () => {
  it('in a burst of 503s is pending, retrying, sent; and there once', async () => {
    const [ada, kim] = await Promise.all([world.visitor('Anna'), world.visitor('Kim')])
    await ada.press('503 burst')
    await ada.page.getByText('Done: fails the next three attempts to send.').waitFor()
    await ada.say('through the burst')
    await kim.message('through the burst').waitFor()
    await ada.message('through the burst').waitFor()
    const states = await ada.statesOf('through the burst')
    expect(states.slice(0, 3)).toEqual(['queued', 'sending', 'retrying'])
    expect(world.postsOf('Anna').map(({ status }) => status)).toEqual([503, 503, 503, 200])
    expect(world.countOf('through the burst')).toBe(1)
    expect(await kim.message('through the burst').count()).toBe(1)
    expect(await ada.tile('retry-budget').getByText('100 %').count()).toBe(0)
  })

  it('after a 429 counts down, and nothing is asked of the server in that time', async () => {
    const lin = await world.visitor('Lin')
    const fault = { kind: 'rate-limit', retryAfterMs: 3000 } as const
    const match = { method: 'POST', route: '/channels/:channel/messages' }
    world.mock.machinery.act({ fault: { fault, match, count: 1 } })
    await lin.say('in a while')
    await lin
      .outgoing('in a while')
      .getByText(/(Retrying|goes) in \d s/)
      .waitFor()
    await lin.tile('cooldown').getByText('as the server asks').waitFor()
    await lin
      .tile('cooldown')
      .getByText(/in \d s/)
      .waitFor()
    await lin.message('in a while').waitFor()
    const [refused, accepted] = world.postsOf('Lin')
    expect([refused?.status, accepted?.status]).toEqual([429, 200])
    const { endedAtMs } = refused as { endedAtMs: number }
    const early = world.served.filter(
      (each) =>
        each.credential === 'Bot Lin' &&
        // What was on its way already is not asked in that time.
        each.beganAtMs > endedAtMs &&
        each.beganAtMs < endedAtMs + 3000 &&
        !each.path.endsWith('/typing'),
    )
    expect(early).toEqual([])
  })

  it('in a full outage waits when the budget is spent, and goes by itself when the server is back', async () => {
    const mo = await world.visitor('Mo')
    await mo.box.fill('into the dark')
    // Until the test ends it.
    world.mock.gateway.act({ kind: 'restart', downMs: 600_000, sessions: 'lose' })
    await mo.box.press('Enter')
    await mo
      .outgoing('into the dark')
      .getByText('no connection to the server, and the retry budget is spent')
      .waitFor()
    await mo.socketSays('Reconnecting')
    await mo.tile('retry-budget').getByText('pays for no retry now').waitFor()
    world.mock.gateway.act({ kind: 'restart', downMs: 1, sessions: 'lose' })
    await mo.message('into the dark').waitFor()
    await expect.poll(() => mo.outgoing('into the dark').count()).toBe(0)
    expect(world.countOf('into the dark')).toBe(1)
    expect(await mo.message('into the dark').count()).toBe(1)
  })

  it('that failed can be discarded', async () => {
    const noor = await world.visitor('Noor')
    const match = { method: 'POST', route: '/channels/:channel/messages' }
    world.mock.machinery.act({ fault: { fault: { kind: 'status', status: 403 }, match, count: 1 } })
    await noor.say('never mind')
    await noor.outgoing('never mind').getByRole('button', { name: 'Discard' }).click()
    await expect.poll(() => noor.outgoing('never mind').count()).toBe(0)
    expect(world.countOf('never mind')).toBe(0)
  })
})

describe('the connection', () => {
  it('comes back after a restart of the gateway, says why it was lost, and no message is missed or doubled', async () => {
    const otto = await world.visitor('Otto')
    const acted = world.mock.gateway.act({
      kind: 'inject',
      channel: world.channel,
      count: 80,
      intervalMs: 50,
    })
    const { first = 0, last = 0 } = acted
    const all = Array.from({ length: last - first + 1 }, (_, index) => first + index)
    await otto.page.getByText(`#${first + 5}`, { exact: true }).waitFor()
    await otto.press('Restart')
    await otto.socketSays('Reconnecting')
    await otto.socket
      .getByText('The line was cut')
      .or(otto.socket.getByText('The server could not be reached'))
      .waitFor()
    await otto.page
      .getByText(/Reconnecting in \d+ s/)
      .first()
      .waitFor()
    await otto.socketSays('Connected')
    await otto.socketSays('resumed, nothing missed')
    await expect.poll(() => otto.numbers()).toEqual(all)
  })

  it('whose session is lost is made up for by asking', async () => {
    const pia = await world.visitor('Pia')
    world.mock.gateway.act({ kind: 'restart', downMs: 500, sessions: 'lose' })
    await pia.socketSays('Reconnecting')
    await expect
      .poll(() =>
        world.post('said meanwhile').then(
          () => true,
          () => false,
        ),
      )
      .toBe(true)
    await pia.message('said meanwhile').waitFor()
    expect(await pia.message('said meanwhile').count()).toBe(1)
  })

  it('that is half-open is noticed by its heartbeat, and replaced', async () => {
    const quin = await world.visitor('Quin')
    await quin.press('Half-open')
    await world.post('into a dead line')
    await quin.socketSays('No answer to a heartbeat')
    await quin.socketSays('Connected')
    await quin.message('into a dead line').waitFor()
    expect(await quin.message('into a dead line').count()).toBe(1)
  })

  it('that is refused says with what, and can be tried at once', async () => {
    const rae = await world.visitor('Rae')
    const fault = { kind: 'refuse', status: 503, retryAfterMs: 60_000 } as const
    world.mock.gateway.act({ kind: 'handshakes', fault })
    world.mock.gateway.act({ kind: 'drop' })
    await rae.socketSays('Handshake refused: 503, quiet for 60 s')
    await rae.page
      .getByText(/Reconnecting in \d\d+ s/)
      .first()
      .waitFor()
    world.mock.gateway.act({ kind: 'heal' })
    await rae.socket.getByRole('button', { name: 'Try now' }).click()
    await rae.socketSays('Connected')
  })
})
