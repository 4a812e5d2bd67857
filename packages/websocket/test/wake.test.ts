import { describe, expect, it } from 'vitest'
import { heartbeat } from '../src/index.ts'
import { sleepingClock } from './sleeping-clock.ts'
import { type Options, world } from './world.ts'

const hourMs = 3_600_000
const beats = heartbeat({ message: 'beat' })

/** An open socket with heartbeats, on a clock that can sleep; the last chance is the worst. */
async function awake(options: Options = {}) {
  const clock = sleepingClock()
  const w = world({ clock, heartbeat: beats, ...options } as Options, 0.999)
  await clock.advance(0)
  const first = w.inner
  first.accept()
  await clock.advance(6000)
  let backAtMs = NaN
  w.socket.on('opened', () => {
    backAtMs = clock.now()
  })
  return Object.assign(w, {
    time: clock,
    first,
    /** Gives every dial an answer after 100 ms, and says when the socket was back after `wokenAtMs`. */
    async back(wokenAtMs: number): Promise<number> {
      for (let passedMs = 0; passedMs < 60_000; passedMs += 50) {
        await clock.advance(50)
        const { inner } = w
        if (inner.readyState === 0) {
          await clock.advance(100)
          inner.send = () => inner.say('answer')
          inner.accept()
        }
      }
      return backAtMs - wokenAtMs
    },
  })
}

/** Back within 5 s, by one dial, and it stays. */
async function expectBack(w: Awaited<ReturnType<typeof awake>>, wokenAtMs: number): Promise<void> {
  expect(await w.back(wokenAtMs)).toBeLessThanOrEqual(5000)
  expect([w.sockets.length, w.socket.state]).toEqual([2, 'open'])
}

describe('after a sleep of two hours', () => {
  it.each(['woke', 'online', 'visible'] as const)(
    'that the platform tells of (%s), a dead connection is replaced within 5 s, by one dial',
    async (signal) => {
      const w = await awake()
      await w.time.sleep(2 * hourMs)
      const wokenAtMs = w.time.now()
      w.signals.tell(signal)
      await expectBack(w, wokenAtMs)
    },
  )

  it('that nobody tells of, a dead connection is replaced within 5 s, by one dial', async () => {
    const w = await awake()
    await w.time.sleep(2 * hourMs)
    await expectBack(w, w.time.now())
  })

  it('that began while a beat was out, a dead connection is replaced within 5 s, by one dial', async () => {
    const w = await awake()
    while (w.first.sent.length === 0) await w.time.advance(1000)
    await w.time.sleep(2 * hourMs)
    await expectBack(w, w.time.now())
  })

  it('a connection that the platform cuts is replaced within 5 s, by one dial', async () => {
    const w = await awake()
    await w.time.sleep(2 * hourMs)
    const wokenAtMs = w.time.now()
    w.signals.tell('woke')
    w.first.cut()
    await expectBack(w, wokenAtMs)
  })

  it('while it waited for a dial, that comes at once, and once', async () => {
    const w = await awake()
    w.first.cut()
    await w.time.sleep(2 * hourMs)
    const wokenAtMs = w.time.now()
    w.signals.tell('woke')
    w.signals.tell('online')
    w.signals.tell('visible')
    await expectBack(w, wokenAtMs)
  })

  it('while it was offline, it is back within 5 s of being online, by one dial', async () => {
    const w = await awake()
    w.signals.tell('offline')
    w.first.cut()
    await w.time.sleep(2 * hourMs)
    await w.time.advance(3000)
    const onlineAtMs = w.time.now()
    w.signals.tell('online')
    await expectBack(w, onlineAtMs)
  })

  it('a connection that lives is asked, and kept', async () => {
    const w = await awake()
    await w.time.sleep(2 * hourMs)
    w.signals.tell('woke')
    w.first.say('answer')
    await w.time.advance(10_000)
    expect([w.sockets.length, w.socket.state]).toEqual([1, 'open'])
  })
})

describe('a tab that was hidden for half an hour', () => {
  it('whose connection died unseen is back within 5 s of being seen, by one dial', async () => {
    const w = await awake()
    w.signals.tell('hidden')
    // Chromium fires the timers of such a page once a minute.
    for (let minute = 0; minute < 30; minute++) {
      await w.time.sleep(60_000)
      if (minute < 29) w.inner.say('answer')
    }
    const seenAtMs = w.time.now()
    w.signals.tell('visible')
    await expectBack(w, seenAtMs)
  })

  it('whose connection was cut dials when it is seen, within 5 s, and once', async () => {
    const w = await awake()
    w.signals.tell('hidden')
    w.first.cut()
    for (let minute = 0; minute < 30; minute++) await w.time.sleep(60_000)
    expect(w.sockets).toHaveLength(1)
    const seenAtMs = w.time.now()
    w.signals.tell('visible')
    await expectBack(w, seenAtMs)
  })
})

describe('the back/forward cache', () => {
  it('a connection that was closed on the way in is replaced within 5 s of coming back, by one dial', async () => {
    const w = await awake()
    w.signals.tell('hidden')
    await w.time.sleep(hourMs)
    const shownAtMs = w.time.now()
    // The order in which browsers tell it.
    w.signals.tell('visible')
    w.signals.tell('woke')
    w.first.cut()
    await expectBack(w, shownAtMs)
  })
})

describe('offline and online again', () => {
  it('a connection that was cut is replaced within 5 s, by one dial', async () => {
    const w = await awake()
    w.signals.tell('offline')
    w.first.cut()
    await w.time.advance(8000)
    const onlineAtMs = w.time.now()
    w.signals.tell('online')
    await expectBack(w, onlineAtMs)
  })

  it('a connection that was cut soon after waking is replaced within 5 s, by one dial', async () => {
    const w = await awake()
    w.signals.tell('woke')
    w.signals.tell('offline')
    w.first.cut()
    await w.time.advance(1500)
    const onlineAtMs = w.time.now()
    w.signals.tell('online')
    await expectBack(w, onlineAtMs)
  })

  it('a connection that is half open is replaced within 5 s, by one dial', async () => {
    const w = await awake()
    w.signals.tell('offline')
    await w.time.advance(8000)
    const onlineAtMs = w.time.now()
    w.signals.tell('online')
    await expectBack(w, onlineAtMs)
  })
})

it('waking does not shorten a wait that is for the sake of the server', async () => {
  const w = await awake()
  w.signals.tell('woke')
  w.first.end(1013)
  expect(w.events('reconnectScheduled')[0]?.delayMs).toBeGreaterThan(30_000)
})

it('a dial that fails after waking is not followed by one at once', async () => {
  const w = await awake()
  w.signals.tell('woke')
  w.first.cut()
  await w.time.advance(250)
  w.inner.cut()
  expect(w.events('reconnectScheduled').map(({ delayMs }) => delayMs > 250)).toEqual([false, true])
})
