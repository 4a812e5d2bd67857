import { describe, expect, it } from 'vitest'
import { leavingClient } from './clients.ts'
import { poolWorld } from './pool-world.ts'

describe('a pool', () => {
  it('serves as many jobs at once as it has places, the rest in the order they came', () => {
    const { scheduler, log, submit } = poolWorld()
    for (const name of ['a', 'b', 'c', 'd', 'e']) submit(name)
    scheduler.advance(1_000)
    expect(log).toEqual(['100 a done', '100 b done', '200 c done', '200 d done', '300 e done'])
  })

  it('refuses at once what finds no place in the queue', () => {
    const { scheduler, pool, log, submit } = poolWorld({ poolSize: 1, queueDepth: 1 })
    for (const name of ['a', 'b', 'c']) submit(name)
    expect(log).toEqual(['0 c refused'])
    scheduler.advance(1_000)
    expect(log).toEqual(['0 c refused', '100 a done', '200 b done'])
    expect(pool.status).toMatchObject({ refused: 1, done: 2, inUse: 0, queued: 0 })
  })

  it('serves the newest first when the order is lifo', () => {
    const { scheduler, log, submit } = poolWorld({ poolSize: 1, order: 'lifo' })
    submit('a')
    submit('b', { priority: 'critical' })
    submit('c', { priority: 'deferred' })
    submit('d')
    scheduler.advance(1_000)
    expect(log).toEqual(['100 a done', '200 d done', '300 c done', '400 b done'])
  })

  it('serves the most urgent first when the order is priority, and by arrival among equals', () => {
    const { scheduler, log, submit } = poolWorld({ poolSize: 1, order: 'priority' })
    submit('a')
    submit('later', { priority: 'deferred' })
    submit('b')
    submit('c')
    submit('now', { priority: 'critical' })
    scheduler.advance(1_000)
    expect(log.map((line) => line.split(' ')[1])).toEqual(['a', 'now', 'b', 'c', 'later'])
  })

  it('sheds the newest of the least urgent for a more urgent job when the queue is full', () => {
    const { log, submit } = poolWorld({ poolSize: 1, queueDepth: 3, order: 'priority' })
    submit('serving')
    submit('x', { priority: 'deferred' })
    submit('y', { priority: 'deferred' })
    submit('z')
    submit('critical', { priority: 'critical' })
    submit('w', { priority: 'deferred' })
    expect(log).toEqual(['0 y refused', '0 w refused'])
  })

  it('takes a change of order while jobs wait', () => {
    const { scheduler, pool, log, submit } = poolWorld({ poolSize: 1 })
    for (const name of ['a', 'b', 'c', 'd']) submit(name)
    scheduler.advance(100)
    pool.configure({ order: 'lifo' })
    scheduler.advance(1_000)
    expect(log.map((line) => line.split(' ')[1])).toEqual(['a', 'b', 'd', 'c'])
  })

  it('starts waiting jobs at once when it grows, and drains to a smaller size', () => {
    const { scheduler, pool, log, submit } = poolWorld({ poolSize: 1 })
    for (const name of ['a', 'b', 'c', 'd', 'e']) submit(name)
    scheduler.advance(50)
    pool.configure({ poolSize: 3 })
    expect(pool.inUse).toBe(3)
    pool.configure({ poolSize: 1 })
    scheduler.advance(1_000)
    expect(log).toEqual(['100 a done', '150 b done', '150 c done', '250 d done', '350 e done'])
  })

  it('gives a job the service time of the concurrency it starts at', () => {
    const { scheduler, log, submit } = poolWorld({ poolSize: 3, sigma: 0.25, kappa: 0.125 })
    for (const name of ['a', 'b', 'c']) submit(name)
    scheduler.advance(1_000)
    // 100 × (1 + 0.25(n − 1) + 0.125n(n − 1))
    expect(log).toEqual(['100 a done', '150 b done', '225 c done'])
  })

  it('draws Erlang-2 times whose mean and spread are right, the same for the same seed', () => {
    const times: number[] = []
    const observer = { onStarted: () => {}, onFinished: (ms: number) => times.push(ms) }
    const world = poolWorld({ poolSize: 1, queueDepth: 4_000, distribution: 'erlang2' }, observer)
    for (let index = 0; index < 4_000; index++) world.submit('job')
    world.scheduler.advance(10_000_000)
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length
    const variance = times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / times.length
    expect(mean).toBeGreaterThan(97)
    expect(mean).toBeLessThan(103)
    expect(Math.sqrt(variance) / mean).toBeGreaterThan(0.68)
    expect(Math.sqrt(variance) / mean).toBeLessThan(0.74)

    const again: number[] = []
    const second = poolWorld(
      { poolSize: 1, distribution: 'erlang2' },
      { onStarted: () => {}, onFinished: (ms) => again.push(ms) },
    )
    second.submit('job')
    second.scheduler.advance(10_000)
    expect(again[0]).toBe(times[0])
  })
})

describe('a timeout', () => {
  it('ends a job that still waits, which then never costs a place', () => {
    const { scheduler, pool, log, submit } = poolWorld({ poolSize: 1, timeoutMs: 150 })
    for (const name of ['a', 'b', 'c']) submit(name)
    scheduler.advance(1_000)
    expect(log).toEqual(['100 a done', '150 b timeout', '150 c timeout'])
    expect(pool.status).toMatchObject({ timedOut: 2, started: 2, wastedJobs: 1, wastedMs: 100 })
  })

  it('leaves no event behind when the job ends in time', () => {
    const { scheduler, submit } = poolWorld({ timeoutMs: 60_000 })
    submit('a')
    scheduler.advance(100)
    expect(scheduler.pending).toBe(0)
  })
})

describe('a job whose client has gone', () => {
  it('is worked on all the same, and all of its time is waste', () => {
    const { scheduler, pool, log, submit } = poolWorld({ poolSize: 1 })
    const client = leavingClient()
    submit('a')
    submit('b', { client })
    client.leave()
    scheduler.advance(1_000)
    expect(log).toEqual(['100 a done', '200 b abandoned'])
    expect(pool.status).toMatchObject({ wastedJobs: 1, wastedMs: 100, usefulMs: 100, dropped: 0 })
  })

  it('leaves the queue at once with dropAbandoned, and makes room', () => {
    const { scheduler, pool, log, submit } = poolWorld({
      poolSize: 1,
      queueDepth: 1,
      dropAbandoned: true,
    })
    const client = leavingClient()
    submit('a')
    submit('b', { client })
    scheduler.advance(10)
    client.leave()
    submit('c')
    scheduler.advance(1_000)
    expect(log).toEqual(['10 b dropped', '100 a done', '200 c done'])
    expect(pool.status).toMatchObject({ dropped: 1, wastedJobs: 0, refused: 0 })
  })

  it('keeps its place in the pool even with dropAbandoned, since a query runs on', () => {
    const { scheduler, pool, log, submit } = poolWorld({ poolSize: 1, dropAbandoned: true })
    const client = leavingClient()
    submit('a', { client })
    submit('b')
    client.leave()
    scheduler.advance(1_000)
    expect(log).toEqual(['100 a abandoned', '200 b done'])
    expect(pool.status.wastedMs).toBe(100)
  })

  it('is dropped on its turn if dropAbandoned was switched on while it waited', () => {
    const { scheduler, pool, log, submit } = poolWorld({ poolSize: 1 })
    const client = leavingClient()
    submit('a')
    submit('b', { client })
    client.leave()
    pool.configure({ dropAbandoned: true })
    scheduler.advance(1_000)
    expect(log).toEqual(['100 a done', '100 b dropped'])
  })

  it('does not even start with dropAbandoned, if it had gone before', () => {
    const { pool, log, submit } = poolWorld({ dropAbandoned: true })
    const client = leavingClient()
    client.leave()
    submit('a', { client })
    expect(log).toEqual(['0 a dropped'])
    expect(pool.inUse).toBe(0)
  })

  it('has no listener left on its signal once it is settled', () => {
    const { scheduler, submit } = poolWorld({ poolSize: 1, dropAbandoned: true })
    let listeners = 0
    const client = leavingClient()
    const { gone } = client
    const add = gone.addEventListener.bind(gone)
    const remove = gone.removeEventListener.bind(gone)
    gone.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++
      add(...args)
    }
    gone.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners--
      remove(...args)
    }
    submit('a')
    submit('b', { client })
    expect(listeners).toBe(1)
    scheduler.advance(1_000)
    expect(listeners).toBe(0)
  })
})

describe('what a pool reports', () => {
  it('integrates the places in use over time', () => {
    const { scheduler, pool, submit } = poolWorld()
    submit('a')
    submit('b')
    scheduler.advance(50)
    expect(pool.busyMs).toBe(100)
    scheduler.advance(950)
    expect(pool.busyMs).toBe(200)
  })

  it('tells the mean wait of those that got a place', () => {
    const { scheduler, pool, submit } = poolWorld({ poolSize: 1 })
    submit('a')
    submit('b')
    scheduler.advance(1_000)
    expect(pool.status.meanQueuedMs).toBe(50)
  })
})
