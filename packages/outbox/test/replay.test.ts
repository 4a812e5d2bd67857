import { describe, expect, it } from 'vitest'
import {
  circuitOpen,
  failure,
  manualClock,
  seededRandom,
  type WorldOptions,
  world,
} from './world.ts'

/** An outbox that has collected entries while it was offline, each in its own lane. */
async function backlog(count: number, options: WorldOptions = {}) {
  const made = world({ answer: () => 'ok', maxConcurrent: 100, ...options })
  made.signals.online = false
  for (let each = 0; each < count; each++) await made.enqueue(`p${each}`, { lane: `lane ${each}` })
  return made
}

async function backOnline({ signals, clock }: Awaited<ReturnType<typeof backlog>>) {
  await clock.advance(10_000)
  signals.online = true
  signals.tell('online')
  return clock.now()
}

describe('what has waited', () => {
  it('is sent on a ramp: after a start somewhere in a second, one a second, then ever more', async () => {
    const made = await backlog(200, { random: seededRandom(5) })
    const startMs = await backOnline(made)
    await made.clock.advance(60_000)
    const seconds = made.sends.map(({ atMs }) => Math.floor((atMs - startMs) / 1000))
    const in5 = (from: number) => seconds.filter((each) => each >= from && each < from + 5).length
    // The integral of the rate: 7, 14, 29, 58, 97.
    expect([0, 5, 10, 15, 20, 25].map(in5)).toEqual([6, 12, 26, 53, 97, 6])
    expect(made.sends).toHaveLength(200)
  })

  it('is never sent faster than the least gap allows', async () => {
    const made = await backlog(300, { replay: { minGapMs: 200 } })
    await backOnline(made)
    await made.clock.advance(120_000)
    const times = made.sends.map(({ atMs }) => atMs)
    const gaps = times.slice(1).map((atMs, index) => Math.round(atMs - (times[index] as number)))
    expect(Math.min(...gaps)).toBe(200)
    expect(made.sends).toHaveLength(300)
  })

  it('begins at another moment in every client', async () => {
    const starts = await Promise.all(
      Array.from({ length: 200 }, async (_, seed) => {
        const made = await backlog(1, { random: seededRandom(seed) })
        const fromMs = await backOnline(made)
        await made.clock.advance(2000)
        return (made.sends[0]?.atMs as number) - fromMs
      }),
    )
    expect(Math.max(...starts)).toBeLessThan(1000)
    const busiest = Math.max(
      ...Array.from({ length: 10 }, (_, tenth) => {
        const inTenth = (ms: number) => Math.floor(ms / 100) === tenth
        return starts.filter(inTenth).length
      }),
    )
    // 20 if they were spread evenly.
    expect(busiest).toBeLessThanOrEqual(30)
  })

  it('goes on as it began though it hears again and again that the server answers', async () => {
    const sentBy = async (isFlushed: boolean) => {
      const made = await backlog(200, { random: seededRandom(5) })
      await backOnline(made)
      for (let each = 0; each < 200; each++) {
        await made.clock.advance(100)
        if (isFlushed) made.outbox.flush()
      }
      return made.sends.length
    }
    expect(await sentBy(true)).toBe(await sentBy(false))
  })

  it('is not put on a ramp by word of a server that nothing waited for', async () => {
    const made = world({ maxConcurrent: 2 })
    for (let each = 0; each < 10; each++) await made.enqueue(`p${each}`, { lane: `${each}` })
    made.outbox.flush()
    for (let each = 0; each < 8; each++) await made.succeed()
    expect(made.sends).toHaveLength(10)
  })

  it('is not sent all at once by a page whose clock was set back', async () => {
    const made = await backlog(10)
    await made.outbox.close()
    made.clock.setWall(made.clock.wallNow() - 3_600_000)
    const { store, clock } = made
    const second = world({ store, clock, answer: () => 'ok', maxConcurrent: 100 })
    await clock.advance(2000)
    expect(second.sends).toHaveLength(2)
  })

  it('goes on at full speed once nothing waits', async () => {
    const made = await backlog(3)
    await backOnline(made)
    await made.clock.advance(10_000)
    expect(made.sends).toHaveLength(3)
    for (let each = 0; each < 10; each++) await made.enqueue(`new ${each}`)
    expect(made.sends).toHaveLength(13)
  })

  it('waits out what the refusal of an open circuit asks for, and then goes on a ramp', async () => {
    let isOpen = true
    const made = world({
      maxConcurrent: 100,
      answer: () => {
        if (isOpen) throw circuitOpen(30_000)
      },
    })
    for (let each = 0; each < 10; each++) await made.enqueue(`p${each}`, { lane: `${each}` })
    // The first was refused before the others came.
    expect(made.sends).toHaveLength(1)
    await made.clock.advance(37_499)
    expect(made.sends).toHaveLength(1)
    isOpen = false
    await made.clock.advance(1)
    expect(made.sends).toHaveLength(2)
    await made.clock.advance(999)
    expect(made.sends).toHaveLength(2)
    await made.clock.advance(10_000)
    expect(made.of('sent')).toHaveLength(10)
  })

  it('burns no attempt in an outage, and sends few requests into it', async () => {
    let isDown = true
    const made = world({
      maxConcurrent: 100,
      random: seededRandom(1),
      answer: () => {
        if (isDown) throw failure({ reached: 'no' })
      },
    })
    for (let each = 0; each < 100; each++) await made.enqueue(`p${each}`, { lane: `${each}` })
    await made.clock.advance(600_000)
    expect(made.sends.length).toBeLessThan(20)
    expect((await made.outbox.entries()).every(({ attempts }) => attempts === 0)).toBe(true)
    isDown = false
    await made.clock.advance(600_000)
    expect(made.of('sent')).toHaveLength(100)
  })

  it('is not sent all at once when every send of it is given up', async () => {
    const made = world({
      maxConcurrent: 100,
      answer: () => {
        throw failure({ reached: 'maybe' })
      },
    })
    for (let each = 0; each < 20; each++)
      await made.enqueue(`p${each}`, { lane: `${each}`, idempotencyKey: false })
    expect(made.sends).toHaveLength(1)
    await made.clock.advance(60_000)
    expect(made.sends.length).toBeLessThan(10)
  })
})

describe('the wait after a failure', () => {
  it('outlasts reloads: pressing F5 sends no more requests than waiting', async () => {
    const down = () => {
      throw failure({ reached: 'maybe' })
    }
    const patient = world({ answer: down, ttlMs: 1e9, keyLifeMs: 1e9 })
    for (let each = 0; each < 10; each++) await patient.enqueue(`p${each}`, { lane: `${each}` })
    await patient.clock.advance(60_000)

    const clock = manualClock()
    const options = { answer: down, clock, ttlMs: 1e9, keyLifeMs: 1e9 }
    let page = world(options)
    let requests = 0
    for (let each = 0; each < 10; each++) await page.enqueue(`p${each}`, { lane: `${each}` })
    for (let each = 0; each < 12; each++) {
      await clock.advance(5000)
      requests += page.sends.length
      await page.outbox.close()
      page = world({ ...options, store: page.store })
      await page.settle()
    }
    expect(patient.sends.length).toBeGreaterThan(4)
    expect(requests).toBeLessThanOrEqual(patient.sends.length + 1)
  })

  it('is cut short by a network that is back', async () => {
    const { enqueue, fail, sends, clock, signals } = world()
    await enqueue('a')
    for (let each = 0; each < 6; each++) {
      await fail()
      await clock.advance(each < 5 ? 20_000 : 0)
    }
    expect(sends).toHaveLength(6)
    signals.tell('online')
    await clock.advance(499)
    expect(sends).toHaveLength(6)
    await clock.advance(1)
    expect(sends).toHaveLength(7)
  })

  it('is not, when the server asked for it', async () => {
    const { enqueue, fail, sends, clock, signals, outbox } = world()
    await enqueue('a')
    await fail(failure({ retryAfterMs: 60_000 }))
    signals.tell('online')
    outbox.flush()
    await clock.advance(60_000)
    expect(sends).toHaveLength(1)
    await clock.advance(31_000)
    expect(sends).toHaveLength(2)
  })

  it('is over, and does not grow on, once a call of the app has succeeded', async () => {
    const { enqueue, fail, sends, clock, outbox, of } = world()
    await enqueue('a')
    for (let each = 0; each < 4; each++) {
      await fail()
      await clock.advance(each < 3 ? 10_000 : 0)
    }
    expect(of('retryScheduled').at(-1)?.delayMs).toBe(4025)
    outbox.flush()
    await clock.advance(500)
    expect(sends).toHaveLength(5)
    await fail()
    expect(of('retryScheduled').at(-1)?.delayMs).toBe(8025)
  })

  it('is looked at when the page is seen again, since timers of hidden pages are late', async () => {
    const { enqueue, fail, clock, signals, sends } = world()
    await enqueue('a')
    await fail()
    signals.tell('visible')
    signals.tell('woke')
    await clock.advance(0)
    expect(sends).toHaveLength(1)
  })

  it('by a clock that was wrong when it began is none', async () => {
    const clock = manualClock(Date.UTC(2030, 0))
    const first = world({ clock, ttlMs: 1e12 })
    await first.enqueue('a')
    await first.fail(failure({ retryAfterMs: 3_600_000 }))
    await first.outbox.close()
    clock.setWall(Date.UTC(2022, 0))
    const second = world({ clock, store: first.store })
    await clock.advance(1000)
    expect(second.sends).toHaveLength(1)
  })
})

describe('without a network', () => {
  it('nothing is sent, until the platform says that there is one', async () => {
    const { enqueue, sends, clock, signals } = world()
    signals.online = false
    await enqueue('a')
    await clock.advance(59_999)
    expect(sends).toHaveLength(0)
    signals.online = true
    signals.tell('online')
    await clock.advance(500)
    expect(sends).toHaveLength(1)
  })

  it('one send is tried after a minute: platforms have been wrong', async () => {
    const { enqueue, sends, clock, signals, fail } = world()
    signals.online = false
    await enqueue('a')
    await clock.advance(60_000)
    expect(sends).toHaveLength(1)
    await fail(failure({ reached: 'no' }))
    await clock.advance(525)
    expect(sends).toHaveLength(2)
  })

  it('a network that comes without a word is noticed with the next entry', async () => {
    const { enqueue, sends, signals, clock } = world()
    signals.online = false
    await enqueue('a')
    await clock.advance(5000)
    signals.online = true
    await enqueue('b')
    await clock.advance(55_000)
    expect(sends).toHaveLength(1)
  })
})
