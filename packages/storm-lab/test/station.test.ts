import { describe, expect, it } from 'vitest'
import { autoscale } from '../src/backend/autoscaler.ts'
import { Replicas } from '../src/backend/replicas.ts'
import { Station } from '../src/backend/station.ts'
import { RandomStream } from '../src/random/random-stream.ts'
import { stationWorld } from './station-world.ts'

describe('a station', () => {
  it('serves as many as it has workers, then in the order they came, and refuses what its queue can’t hold', () => {
    const { kernel, submit, ends } = stationWorld({ workers: 2, serviceMs: 100, queue: 1 })
    for (let each = 0; each < 4; each++) submit()
    kernel.run(1000)
    expect(ends).toEqual(['0 503 3', '100 served 0', '100 served 1', '200 served 2'])
  })

  it('slows down the more are at work', () => {
    const { kernel, submit, ends } = stationWorld({ workers: 9, serviceMs: 100, contention: 0.5 })
    submit()
    submit()
    kernel.run(1000)
    expect(ends).toEqual(['100 served 0', '150 served 1'])
  })

  it('shares the speed of each moment among all at work, if asked to', () => {
    const { kernel, submit, ends } = stationWorld({
      workers: 9,
      serviceMs: 100,
      contention: 1,
      sharing: 'processor',
    })
    submit()
    kernel.run(50)
    submit()
    kernel.run(1000)
    // Half of the first is done when the second comes: the rest takes twice as long, as does half of the second.
    expect(ends).toEqual(['150 served 0', '200 served 1'])
  })

  it('takes who came last, as lifo', () => {
    const { kernel, submit, ends } = stationWorld({ workers: 1, serviceMs: 10, discipline: 'lifo' })
    for (let each = 0; each < 3; each++) submit()
    kernel.run(1000)
    expect(ends).toEqual(['10 served 0', '20 served 2', '30 served 1'])
  })

  it('takes the most important, and lets it take the place of the newest of the least important', () => {
    const { kernel, submit, ends } = stationWorld({
      workers: 1,
      serviceMs: 10,
      queue: 2,
      discipline: 'priority',
    })
    submit(0)
    submit(2)
    submit(2)
    submit(1)
    submit(0)
    submit(1)
    kernel.run(1000)
    expect(ends).toEqual([
      '0 503 2',
      '0 503 1',
      '0 503 5',
      '10 served 0',
      '20 served 4',
      '30 served 3',
    ])
  })

  it('turns away who waited too long, and serves the newest first, as codel in overload', () => {
    const { kernel, submit, ends } = stationWorld({
      workers: 1,
      serviceMs: 150,
      discipline: 'codel',
    })
    submit()
    submit()
    kernel.run(148)
    submit()
    submit()
    kernel.run(1000)
    // At 150 ms the queue has stood for longer than 100 ms, so more than 5 ms are too many.
    expect(ends).toEqual(['150 served 0', '150 503 1', '300 served 3', '300 503 2'])
  })

  it('keeps the order of a codel queue that is often empty', () => {
    const { kernel, submit, ends } = stationWorld({
      workers: 1,
      serviceMs: 20,
      discipline: 'codel',
    })
    submit()
    submit()
    submit()
    kernel.run(1000)
    expect(ends).toEqual(['20 served 0', '40 served 1', '60 served 2'])
  })

  it('answers 504 to those who waited for its limit', () => {
    const { kernel, submit, station, ends } = stationWorld({
      workers: 1,
      serviceMs: 100,
      queueTimeoutMs: 60,
    })
    submit()
    submit()
    kernel.run(50)
    submit()
    station.configure({ queueTimeoutMs: Infinity })
    submit()
    kernel.run(1000)
    expect(ends).toEqual(['60 504 1', '100 served 0', '200 served 2', '300 served 3'])
    expect(station.queued).toBe(0)
  })

  it('works for those who have gone, unless it drops them', () => {
    const gone = (dropsAbandoned: boolean): string[] => {
      const { kernel, submit, station, ends } = stationWorld({
        workers: 1,
        serviceMs: 10,
        dropsAbandoned,
      })
      submit()
      station.abandoned(submit())
      submit()
      kernel.run(1000)
      return ends
    }
    expect(gone(false)).toEqual(['10 served 0', '20 served 1', '30 served 2'])
    expect(gone(true)).toEqual(['0 dropped 1', '10 served 0', '20 served 2'])
  })

  it('takes changes while work is under way', () => {
    const { kernel, submit, station, ends } = stationWorld({ workers: 1, serviceMs: 10 })
    for (let each = 0; each < 4; each++) submit()
    station.configure({ discipline: 'lifo', serviceMs: 20 })
    kernel.run(10)
    station.configure({}, 2)
    kernel.run(1000)
    expect(ends).toEqual(['10 served 0', '30 served 3', '30 served 2', '50 served 1'])
  })

  it('forgets nobody whose row is used again', () => {
    const { kernel, submit, station, attempts, ends } = stationWorld({
      workers: 1,
      serviceMs: 10,
      dropsAbandoned: true,
      discipline: 'priority',
      queue: 1,
    })
    submit()
    const gone = submit(2)
    station.abandoned(gone)
    attempts.give(gone)
    expect(submit(2)).toBe(gone)
    submit(1)
    kernel.run(100)
    expect(ends).toEqual(['0 dropped 1', '0 503 1', '10 served 0', '20 served 2'])
  })
})

describe('a dependency', () => {
  it('keeps a worker of its service busy, whatever becomes of it', () => {
    const { kernel, attempts, submit, station, ends } = stationWorld({ workers: 1, serviceMs: 10 })
    const database = new Station(
      1,
      { kernel, attempts },
      new RandomStream(1, 'database'),
      { workers: 1, serviceMs: 100, queue: 0, distribution: 'fixed', dropsAbandoned: true },
      1,
      station,
    )
    station.downstream = database
    submit()
    submit()
    kernel.run(50)
    expect(station.busy).toBe(1)
    expect(database.busy).toBe(1)
    kernel.run(1000)
    expect(ends).toEqual(['110 served 0', '220 served 1'])
    station.configure({ workers: 2 })
    submit()
    submit()
    kernel.run(2000)
    expect(ends.slice(2)).toEqual(['1010 503 3', '1110 served 2'])
    database.configure({ queue: 1 })
    submit()
    const waiting = submit()
    kernel.run(2020)
    database.abandoned(waiting)
    expect(ends.at(-1)).toBe('2020 dropped 5')
    expect(station.busy).toBe(1)
  })

  it('is read from its replicas, the one with the least to do first, and written to itself', () => {
    const { kernel, attempts, submit, station } = stationWorld({ workers: 9, serviceMs: 1 })
    const [primary, ...copies] = [1, 2, 3].map(
      (id) =>
        new Station(
          id,
          { kernel, attempts },
          new RandomStream(1, 'database'),
          { workers: 9, serviceMs: 100, distribution: 'fixed' },
          1,
          station,
        ),
    ) as [Station, Station, Station]
    station.downstream = new Replicas(attempts, primary, copies)
    for (let each = 0; each < 4; each++) submit(0, true)
    submit(0, false)
    kernel.run(50)
    expect([primary, ...copies].map(({ busy }) => busy)).toEqual([1, 2, 2])
  })
})

describe('an autoscaler', () => {
  it('grows a station by its load, when what it asked for has started', () => {
    const { kernel, submit, station } = stationWorld({ workers: 10, serviceMs: 1e6, queue: 100 })
    autoscale(kernel, station, { everyMs: 1000, startUpMs: 5000, maxSize: 1.6 })
    for (let each = 0; each < 10; each++) submit()
    kernel.run(5999)
    expect(station.size).toBe(1)
    kernel.run(6000)
    // All busy, where 0.7 should be.
    expect(station.size).toBeCloseTo(1 / 0.7, 2)
    expect(station.workers).toBe(14)
    for (let each = 0; each < 50; each++) submit()
    kernel.run(20_000)
    expect(station.size).toBe(1.6)
    expect(station.busy).toBe(16)
  })

  it('leaves a station alone that has little to do', () => {
    const { kernel, submit, station } = stationWorld({ workers: 10, serviceMs: 1e6 })
    autoscale(kernel, station, {})
    submit()
    kernel.run(600_000)
    expect(station.size).toBe(1)
  })
})
