import { memoryStore } from '@evenkeel/core/persistence'
import { describe, expect, it } from 'vitest'
import { kim, status } from './fake-api.ts'
import { lastingStore, sessionWorld } from './session-world.ts'

/** Signed in, with an open connection. */
async function aboard() {
  const w = sessionWorld()
  await w.signIn()
  return w
}

const sends = /^POST \/channels\/\d+\/messages$/
const broken = (): Error => new TypeError('Failed to fetch')

describe('a page that is loaded again', () => {
  /** A page in an outage, and what is left when it ends. */
  async function outage() {
    const [stored, stateStore] = [new Map<string, string>(), memoryStore()]
    const w = sessionWorld({ stored, stateStore })
    await w.signIn()
    w.api.fail(/./, ...Array.from({ length: 200 }, () => status(503)))
    w.session.open('11')
    await w.pass(20_000)
    return { w, next: () => sessionWorld({ stored, stateStore, isReload: true }) }
  }

  it('in an outage shows what it had, knows what the page before knew, and sends one call ahead of the others', async () => {
    const { w, next } = await outage()
    const { budgetRatio } = w.session.gauges()
    expect(budgetRatio).toBeLessThan(1)
    const again = next()
    again.api.fail(/./, ...Array.from({ length: 200 }, () => status(503)))
    const entered = again.session.signIn('Ada')
    await again.pass(2000)
    await entered
    expect(again.chat).toMatchObject({ me: { id: '1', name: 'Ada' }, activeId: '10' })
    expect(again.api.seen.map(({ path }) => path)).toEqual(['/users/@me'])
    const gauges = again.session.gauges()
    expect(gauges.parked).toBeGreaterThan(0)
    expect(gauges.budgetRatio).toBeLessThanOrEqual(budgetRatio)
    expect(again.panel.kept).toEqual({
      parts: expect.arrayContaining(['budget', 'rateLimit']),
      isReload: true,
    })
    expect(again.panel.log.at(-1)?.text).toMatch(/^Kept from before the reload: .*retry budget/)
  })

  it('is at home when the server is back, by itself', async () => {
    const { next } = await outage()
    const again = next()
    const entered = again.session.signIn('Ada')
    await again.pass(2000)
    await entered
    await again.pass(30_000)
    expect(again.api.seen[0]?.path).toBe('/users/@me')
    expect(again.panel.socket.state).toBe('open')
    expect(again.chat.timelines['10']?.status).toBe('loaded')
  })

  it('has the circuit that the page before opened, and until when', async () => {
    const [stored, stateStore] = [new Map<string, string>(), memoryStore()]
    const w = sessionWorld({ stored, stateStore })
    await w.signIn()
    w.api.fail(/./, ...Array.from({ length: 16 }, broken))
    for (let call = 0; call < 10; call++) void w.session.react('10', '1', '⚓', true)
    await w.pass(1500)
    const before = w.session.gauges()
    expect(before).toMatchObject({ circuit: 'open', sendsMessages: true })
    const again = sessionWorld({ stored, stateStore, isReload: true })
    const { circuit, circuitOpenMs } = again.session.gauges()
    expect([circuit, again.panel.kept?.parts]).toEqual([
      'open',
      expect.arrayContaining(['circuits']),
    ])
    expect(circuitOpenMs).toBeGreaterThan(0)
    expect(circuitOpenMs).toBeLessThanOrEqual(before.circuitOpenMs + 1500)
  })

  it('that nothing went wrong on has nothing to wait for', async () => {
    const stored = new Map<string, string>()
    const stateStore = memoryStore()
    await sessionWorld({ stored, stateStore }).signIn()
    const again = sessionWorld({ stored, stateStore, isReload: true })
    await again.signIn()
    expect(again.chat.me).toBeDefined()
    expect(again.panel.socket.state).toBe('open')
  })
})

describe('signing in', () => {
  it('takes a name, finds the text channels in their order, and connects', async () => {
    const w = await aboard()
    const [first] = w.api.requests(/PATCH/)
    expect([first?.body, first?.headers.get('authorization')]).toEqual([
      { username: 'Ada' },
      'Bot Ada',
    ])
    expect(w.chat.me).toEqual({ id: '1', name: 'Ada' })
    expect(w.chat.channels.map(({ name }) => name)).toEqual(['general', 'deck'])
    expect([w.chat.activeId, w.chat.timelines['10']?.status]).toEqual(['10', 'loaded'])
    expect(w.panel.socket).toMatchObject({ state: 'open', session: 'started' })
    expect(w.session.gauges()).toMatchObject({ circuit: 'closed', budgetRatio: 1, isLeader: true })
  })

  it('takes names that no header could carry', async () => {
    const w = sessionWorld()
    const entered = w.session.signIn('Zoë 李')
    await w.settle()
    await entered
    expect(w.api.seen[0]?.headers.get('authorization')).toBe('Bot Zo%C3%AB%20%E6%9D%8E')
  })

  it('that fails says why, and can be tried again', async () => {
    const w = sessionWorld()
    w.api.fail(/PATCH/, status(400))
    const failed = expect(w.session.signIn('Ada')).rejects.toThrow('no')
    await w.settle()
    await failed
    expect(w.chat.me).toBeUndefined()
    await w.signIn()
    expect(w.chat.me).toBeDefined()
  })

  it('that is left in the middle does nothing later', async () => {
    const w = sessionWorld()
    w.api.fail(/guilds/, 'never')
    const left = expect(w.session.signIn('Ada')).rejects.toThrow('aborted')
    await w.settle()
    w.session.signOut()
    await left
    expect([w.chat.me, w.gateway.connections]).toEqual([undefined, []])
  })

  it('ends with signing out, and leaves nothing', async () => {
    const w = await aboard()
    w.api.fail(sends, 'never')
    w.session.send('10', 'hi')
    await w.settle()
    w.session.signOut()
    await w.settle()
    await w.pass(5000)
    expect([w.chat.me, w.gateway.latest.readyState, w.clock.pending]).toEqual([undefined, 3, 0])
  })
})

it('hears nothing more of a connection that was left', async () => {
  const w = await aboard()
  const left = w.gateway.latest
  w.session.signOut()
  expect(w.panel.socket).toMatchObject({ state: 'none', session: 'none' })
  await w.signIn()
  left.say('{"op":0,"s":9,"t":"MESSAGE_CREATE","d":{}}')
  await w.pass(5000)
  expect(w.panel.socket).toMatchObject({ state: 'open', session: 'started' })
  expect(w.gateway.connections).toHaveLength(2)
})

describe('a message', () => {
  it('is shown at once, and once, with its nonce to be known again by', async () => {
    const w = await aboard()
    w.session.send('10', 'hello')
    expect([w.outgoing().content, w.status()]).toEqual(['hello', { kind: 'queued' }])
    await w.settle()
    const [sent] = w.api.requests(sends)
    expect(sent?.body).toMatchObject({ content: 'hello', enforce_nonce: true })
    expect(sent?.body).toHaveProperty('nonce', expect.stringMatching(/^\w{25}$/))
    w.gateway.dispatch('MESSAGE_CREATE', w.api.messages[0])
    expect([w.chat.outgoing, w.said()]).toEqual([[], ['hello']])
  })

  it('that is refused is tried again with the same nonce, and says so', async () => {
    const w = await aboard()
    w.api.fail(sends, status(503), status(503))
    w.session.send('10', 'hello')
    await w.settle()
    expect(w.status()).toEqual({
      kind: 'retrying',
      attempt: 2,
      untilMs: 525,
      because: 'the server is overloaded (503)',
    })
    expect(w.panel.retries).toHaveLength(1)
    await w.pass(525)
    expect(w.status()).toMatchObject({ kind: 'retrying', attempt: 3 })
    await w.pass(2000)
    const nonces = w.api.requests(sends).map(({ body }) => (body as { nonce: string }).nonce)
    expect([nonces.length, new Set(nonces).size]).toEqual([3, 1])
    expect(w.api.requests(sends).map(({ headers }) => headers.get('x-attempt'))).toEqual([
      null,
      '2',
      '3',
    ])
    expect([w.chat.outgoing, w.said(), w.panel.retries]).toEqual([[], ['hello'], []])
  })

  it('whose answer is lost is there once', async () => {
    const w = await aboard()
    w.api.fail(sends, broken())
    w.session.send('10', 'hello')
    await w.settle()
    expect(w.status()).toMatchObject({ kind: 'retrying', because: 'no connection to the server' })
    await w.pass(1000)
    expect([w.api.messages.length, w.said()]).toEqual([1, ['hello']])
  })

  it('waits for the one before it', async () => {
    const w = await aboard()
    w.api.fail(sends, status(503))
    w.session.send('10', 'first')
    w.session.send('10', 'second')
    w.session.send('11', 'elsewhere')
    await w.settle()
    expect(w.chat.outgoing.map(({ status: { kind } }) => kind)).toEqual(['retrying', 'queued'])
    await w.pass(1000)
    expect([w.said(), w.said('11')]).toEqual([['first', 'second'], ['elsewhere']])
  })

  it('is held while the server asks for quiet, and until when', async () => {
    const w = await aboard()
    w.api.fail(sends, status(429, { 'retry-after': '3' }))
    w.session.send('10', 'hello')
    await w.settle()
    const sentAtMs = w.clock.now()
    expect(w.panel.cooldown).toMatchObject({ isAsked: true })
    expect(w.session.gauges().cooldownMs).toBeGreaterThanOrEqual(3000)
    await w.pass(2900)
    w.session.send('11', 'another')
    await w.settle()
    expect(w.chat.outgoing.at(-1)?.status).toMatchObject({ kind: 'held' })
    expect(w.session.gauges().parked).toBeGreaterThan(0)
    expect(w.api.requests(sends)).toHaveLength(1)
    await w.pass(10_000)
    expect(w.api.requests(sends)).toHaveLength(3)
    expect([w.chat.outgoing, w.clock.now() > sentAtMs + 3000]).toEqual([[], true])
  })

  it('waits when the budget is spent, and goes by itself, saying which attempt it is', async () => {
    const w = await aboard()
    w.api.fail(sends, broken(), broken())
    w.session.send('10', 'hello')
    await w.settle()
    await w.pass(1000)
    expect(w.api.requests(sends)).toHaveLength(2)
    expect(w.status()).toMatchObject({
      kind: 'retrying',
      because: 'no connection to the server, and the retry budget is spent',
    })
    expect(w.session.gauges().budgetRatio).toBe(0)
    await w.pass(1000)
    expect([w.chat.outgoing, w.said()]).toEqual([[], ['hello']])
    expect(w.api.requests(sends).at(-1)?.headers.get('x-attempt')).toBe('2')
  })

  it('that was written without a network goes, once, when there is one', async () => {
    const w = await aboard()
    w.network.set(false)
    expect(w.chat.isOnline).toBe(false)
    w.session.send('10', 'one')
    w.session.send('10', 'two')
    await w.pass(5000)
    expect([w.api.requests(sends).length, w.chat.outgoing.length]).toEqual([0, 2])
    w.network.set(true)
    await w.pass(5000)
    expect([w.said(), w.chat.outgoing, w.chat.isOnline]).toEqual([['one', 'two'], [], true])
    expect(w.api.requests(sends)).toHaveLength(2)
  })

  it('outlives the page: the next one shows it, and sends it with the same nonce', async () => {
    const stored = new Map<string, string>()
    const outboxStore = lastingStore()
    const first = sessionWorld({ stored, outboxStore: outboxStore() })
    await first.signIn()
    first.api.fail(sends, broken(), broken())
    first.session.send('10', 'kept')
    await first.pass(1000)
    const { nonce } = first.outgoing()
    first.session.signOut()
    await first.settle()

    const second = sessionWorld({ stored, outboxStore: outboxStore() })
    second.network.set(false)
    second.gateway.isUp = false
    await second.signIn()
    expect(second.api.seen).toEqual([])
    expect(second.chat.timelines['10']).toMatchObject({ because: 'there is no network' })
    second.session.typing('10')
    expect([second.chat.me?.name, second.outgoing().nonce]).toEqual(['Ada', nonce])
    second.gateway.isUp = true
    second.network.set(true)
    await second.pass(90_000)
    expect([second.chat.outgoing, second.said()]).toEqual([[], ['kept']])
    expect(second.api.requests(sends).map(({ body }) => body)).toMatchObject([{ nonce }])
  })

  it('can be discarded, also on its way', async () => {
    const w = await aboard()
    w.api.fail(sends, status(503))
    w.session.send('10', 'hello')
    w.session.send('10', 'behind')
    await w.settle()
    w.session.discard(w.outgoing().nonce)
    await w.pass(2000)
    expect(w.chat.outgoing).toEqual([])
    expect([w.api.requests(sends).length, w.said()]).toEqual([2, ['behind']])
  })

  it('that was not taken can be sent again, and discarded', async () => {
    const w = await aboard()
    w.api.fail(sends, status(403), status(403))
    w.session.send('10', 'hello')
    await w.settle()
    const { nonce } = w.outgoing()
    w.session.resend(nonce)
    expect(w.status()).toEqual({ kind: 'queued' })
    w.session.resend(nonce)
    await w.pass(2000)
    expect(w.status()).toMatchObject({ kind: 'failed' })
    w.session.resend(nonce)
    await w.pass(2000)
    expect([w.chat.outgoing, w.said(), w.api.requests(sends).length]).toEqual([[], ['hello'], 3])
    w.api.fail(sends, status(403))
    w.session.send('10', 'no')
    await w.pass(2000)
    w.session.discard(w.outgoing().nonce)
    await w.settle()
    expect(w.chat.outgoing).toEqual([])
  })

  it('that the server does not take says why', async () => {
    const w = await aboard()
    w.api.fail(sends, status(403))
    w.session.send('10', 'hello')
    await w.settle()
    expect(w.status()).toEqual({
      kind: 'failed',
      because: 'the server said no: no',
      untilMs: undefined,
    })
  })

  it('carries files, with its nonce beside them', async () => {
    const w = await aboard()
    const file = new File(['x'], 'a.txt')
    w.session.send('10', 'look', [file])
    expect(w.outgoing().files).toEqual([file])
    await w.settle()
    expect(w.api.requests(sends)[0]?.body).toMatchObject({
      enforce_nonce: true,
      files: ['files[0]'],
    })
    expect(w.said()).toEqual(['look'])
  })
})

describe('a reaction', () => {
  const reactions = (w: Awaited<ReturnType<typeof aboard>>) =>
    w.chat.timelines['10']?.messages[0]?.reactions

  it('is shown at once, and taken back if the server does not have it', async () => {
    const w = await aboard()
    const { id } = w.api.post('10')
    w.gateway.dispatch('MESSAGE_CREATE', w.api.messages[0])
    w.api.fail(/PUT/, status(403))
    const done = w.session.react('10', id, '⚓', true)
    expect(reactions(w)).toEqual([{ emoji: '⚓', count: 1, isMine: true }])
    await w.settle()
    await done
    expect(reactions(w)).toEqual([])
    void w.session.react('10', id, '⚓', true)
    await w.settle()
    expect(w.api.requests(/PUT/).at(-1)?.path).toBe(
      `/channels/10/messages/${id}/reactions/%E2%9A%93/@me`,
    )
    expect(reactions(w)).toHaveLength(1)
  })
})

describe('a connection that is lost', () => {
  it('is resumed, and nothing is missed or doubled', async () => {
    const w = await aboard()
    w.gateway.dispatch('MESSAGE_CREATE', w.api.post('10', { content: 'before' }))
    w.gateway.latest.cut()
    w.gateway.dispatch('MESSAGE_CREATE', w.api.post('10', { content: 'meanwhile' }))
    expect(w.panel.socket).toMatchObject({ state: 'waiting', lastLoss: 'The line was cut' })
    await w.pass(2500)
    expect(w.panel.socket).toMatchObject({ state: 'open', session: 'resumed' })
    expect(w.said()).toEqual(['before', 'meanwhile'])
    expect(w.api.requests(/GET \/channels\/10/)).toHaveLength(2)
  })

  it('can be dialled again at once', async () => {
    const w = await aboard()
    w.gateway.latest.cut()
    w.session.reconnect()
    await w.settle()
    await w.pass(50)
    expect(w.panel.socket.state).toBe('open')
  })

  it('with its session is made up for by what the API tells', async () => {
    const w = await aboard()
    w.session.open('11')
    w.session.open('10')
    await w.settle()
    w.gateway.latest.cut()
    w.gateway.loseSession()
    for (let index = 0; index < 230; index++) w.api.post('10', { content: `missed ${index}` })
    w.api.post('11', { content: 'missed elsewhere' })
    await w.pass(20_000)
    expect(w.panel.socket).toMatchObject({ state: 'open', session: 'started' })
    expect(w.said()).toHaveLength(50)
    expect(w.said('11')).toEqual(['missed elsewhere'])
    expect(w.chat.channels[0]?.lastMessageId).toBe(w.api.messages[229]?.id)
  })

  it('with its session is made up for from the last known message on', async () => {
    const w = await aboard()
    w.gateway.dispatch('MESSAGE_CREATE', w.api.post('10', { content: 'known' }))
    w.gateway.latest.cut()
    w.gateway.loseSession()
    for (let index = 0; index < 230; index++) w.api.post('10', { content: `missed ${index}` })
    await w.pass(20_000)
    expect(w.said()).toEqual(['known', ...Array.from({ length: 230 }, (_, n) => `missed ${n}`)])
  })
})

describe('the history', () => {
  it('is loaded without a hole when something arrives before it is', async () => {
    const w = await aboard()
    w.gateway.dispatch('MESSAGE_CREATE', w.api.post('10', { content: 'known' }))
    w.gateway.latest.cut()
    w.gateway.loseSession()
    for (let index = 0; index < 120; index++) w.api.post('10', { content: `missed ${index}` })
    w.api.fail(/GET \/channels\/10/, status(503), status(503), status(503), status(503))
    await w.pass(30_000)
    w.gateway.dispatch('MESSAGE_CREATE', w.api.post('10', { content: 'live' }))
    expect(w.chat.timelines['10']?.status).toBe('failed')
    w.session.open('10')
    await w.settle()
    expect(w.said()).toEqual([
      'known',
      ...Array.from({ length: 120 }, (_, n) => `missed ${n}`),
      'live',
    ])
  })

  it('that could not be loaded says why, and can be loaded again', async () => {
    const w = await aboard()
    w.api.fail(/channels\/11/, status(404))
    w.session.open('11')
    await w.settle()
    expect(w.chat.timelines['11']).toMatchObject({
      status: 'failed',
      because: 'the server said no: no',
    })
    w.session.open('11')
    await w.settle()
    expect(w.chat.timelines['11']?.status).toBe('loaded')
  })

  it('is loaded once, and again with every new session', async () => {
    const w = await aboard()
    w.session.open('11')
    await w.settle()
    w.session.open('10')
    w.session.open('11')
    await w.settle()
    expect(w.api.requests(/GET \/channels\/11/)).toHaveLength(1)
  })

  it('waits while the circuit is open, and no longer', async () => {
    const w = await aboard()
    w.api.fail(/./, ...Array.from({ length: 16 }, broken))
    for (let call = 0; call < 10; call++) void w.session.react('10', '1', '⚓', true)
    await w.settle()
    expect(w.session.gauges().circuit).toBe('open')
    w.api.faults.length = 0
    w.session.open('11')
    await w.settle()
    expect(w.chat.timelines['11']).toMatchObject({
      status: 'failed',
      because: 'the server is down, and the circuit is open',
    })
    await w.pass(12_000)
    expect(w.chat.timelines['11']?.status).toBe('loaded')
  })
})

describe('what is read', () => {
  it('is remembered from one visit to the next', async () => {
    const w = await aboard()
    w.gateway.dispatch('MESSAGE_CREATE', w.api.post('10', { author: kim }))
    expect(JSON.parse(w.stored.get('evenkeel chat read 1') ?? '')).toMatchObject({
      '10': w.api.messages[0]?.id,
    })
    w.session.attend(false)
    w.gateway.dispatch('MESSAGE_CREATE', w.api.post('10', { author: kim }))
    await w.signIn()
    expect(w.chat.read['10']).toBe(w.api.messages[0]?.id)
  })
})

it('says that one types, and when others do', async () => {
  const w = await aboard()
  w.session.typing('10')
  w.session.typing('10')
  await w.settle()
  expect(w.api.requests(/typing/)).toHaveLength(1)
  w.gateway.dispatch('TYPING_START', { channel_id: '10', member: { user: kim } })
  expect(w.chat.typists).toMatchObject([{ user: { name: 'Kim' } }])
})
