import { describe, expect, it } from 'vitest'
import { Backend } from '../src/backend/backend.ts'
import type { BackendOptions } from '../src/backend/backend-options.ts'
import type { StationOptions } from '../src/backend/station-options.ts'
import { AttemptTable, stages } from '../src/fleet/attempt-table.ts'
import { Kernel } from '../src/kernel/kernel.ts'

/** Takes exactly as long for each. */
const fixed = (workers: number, serviceMs: number, more: Partial<StationOptions> = {}) =>
  ({ workers, serviceMs, distribution: 'fixed', ...more }) as const

/** A backend by itself, and a record of what it answered and dropped. */
function world(options: BackendOptions) {
  const kernel = new Kernel()
  const attempts = new AttemptTable()
  const ends: string[] = []
  const tell = (what: string): void => {
    ends.push(`${kernel.nowMs} ${what}`)
  }
  const answer = (attempt: number): void => {
    const waitMs = attempts.retryAfterMs[attempt] as number
    tell(`${attempts.status[attempt]}${Number.isNaN(waitMs) ? '' : ` wait ${waitMs}`}`)
  }
  const drop = (): void => tell('dropped')
  const backend = new Backend(
    { kernel, attempts, seed: 1, scale: 1, heedsHint: () => false, answer, drop },
    options,
    'east',
  )
  function receive(isRead = false): number {
    const attempt = attempts.take()
    attempts.stamp[attempt] = (attempts.stamp[attempt] as number) + 1
    attempts.stage[attempt] = stages.travelling
    attempts.isFirst[attempt] = 1
    attempts.priority[attempt] = 1
    attempts.isRead[attempt] = +isRead
    backend.receive(attempt)
    return attempt
  }
  return { kernel, backend, ends, receive }
}

describe('a backend', () => {
  it('can do what the weaker of its two stations can', () => {
    const capacityOf = (options: BackendOptions) => world(options).backend.capacity
    expect(capacityOf({ service: fixed(10, 100) })).toBe(100)
    expect(capacityOf({ service: fixed(10, 100), dependency: fixed(4, 100) })).toBe(40)
    expect(capacityOf({ service: fixed(10, 100), dependency: fixed(40, 100) })).toBe(100)
  })

  it('holds a worker while the dependency works, and queues at both', () => {
    const { kernel, backend, ends, receive } = world({
      service: fixed(2, 10),
      dependency: fixed(1, 100),
    })
    for (let each = 0; each < 3; each++) receive()
    kernel.run(10)
    expect([backend.service.queued, backend.dependency?.queued, backend.queued]).toEqual([1, 1, 2])
    kernel.run(1000)
    expect(ends).toEqual(['110 200', '210 200', '310 200'])
  })

  it('has reads served by the copies, and writes by the dependency itself', () => {
    const { kernel, ends, receive } = world({
      service: fixed(9, 10),
      dependency: fixed(1, 100),
      replicas: 2,
    })
    for (const isRead of [true, true, false, false]) receive(isRead)
    kernel.run(1000)
    expect(ends).toEqual(['110 200', '110 200', '110 200', '210 200'])
  })

  it('lets go of those who have gone, wherever they wait, if their station is told to', () => {
    const { kernel, backend, ends, receive } = world({
      service: fixed(2, 10),
      dependency: fixed(1, 100, { dropsAbandoned: true }),
    })
    const [first, second] = [receive(), receive()]
    kernel.run(50)
    for (const attempt of [first, second]) backend.abandoned(attempt)
    kernel.run(1000)
    expect(ends).toEqual(['50 dropped', '110 200'])
  })

  it('changes its speed and its size, the dependency’s with those of its copies', () => {
    const { kernel, backend, ends, receive } = world({
      service: fixed(2, 10),
      dependency: fixed(1, 100),
      replicas: 1,
    })
    backend.configure({
      gateway: { maxPerSecond: 3 },
      service: { serviceMs: 20 },
      serviceSize: 2,
      dependency: { serviceMs: 50 },
      dependencySize: 2,
    })
    for (const isRead of [true, true, false, false]) receive(isRead)
    kernel.run(1000)
    expect(ends).toEqual(['50 503', '70 200', '70 200', '70 200'])
    backend.configure({ service: { serviceMs: 1 } })
    receive()
    kernel.run(2000)
    expect(ends.at(-1)).toBe('1051 200')
  })

  it('says when its queue will have drained', () => {
    const { kernel, receive, ends } = world({
      gateway: { hasRetryAfter: true },
      service: fixed(1, 1000, { queue: 2 }),
    })
    for (let each = 0; each < 4; each++) receive()
    kernel.run(10_000)
    expect(ends).toEqual(['50 503 wait 2000', '1000 200', '2000 200', '3000 200'])
  })

  it('limits what it lets through by how long its queue is, once a second', () => {
    const { kernel, backend, receive, ends } = world({
      gateway: { limiter: { kind: 'adaptive', perSecond: 1, hasRetryAfter: false } },
      service: fixed(1, 10_000),
    })
    const kind = kernel.on(() => void receive())
    // One a second is let through until more than 200 ms of work wait, and then four fifths of one.
    for (let second = 1; second <= 4; second++) kernel.at(1000 * second + 1, kind, 0)
    kernel.run(4500)
    expect(ends).toEqual(['3051 429'])
    expect([backend.service.busy, backend.service.queued]).toEqual([1, 2])
  })

  it('tells what it asks of its clients, until that is too old', () => {
    const { kernel, backend, receive } = world({
      service: fixed(1, 100),
      hint: { lostFromMs: 1500 },
    })
    expect(backend.hintAt(0)).toBeUndefined()
    const kind = kernel.on(() => void receive())
    for (let atMs = 0; atMs < 1000; atMs += 20) kernel.at(atMs, kind, 0)
    kernel.run(1000)
    expect(backend.hintAt(kernel.nowMs)?.level).toBeLessThan(2)
    kernel.run(60_000)
    expect(backend.hintAt(kernel.nowMs)).toBeUndefined()
  })

  it('grows with its load, if it is told to', () => {
    const { kernel, backend, receive } = world({
      service: fixed(1, 1000, { queue: 100 }),
      autoscaler: { everyMs: 1000, startUpMs: 5000 },
    })
    for (let each = 0; each < 50; each++) receive()
    kernel.run(5999)
    expect(backend.service.size).toBe(1)
    kernel.run(6000)
    expect(backend.service.size).toBeGreaterThan(1.4)
  })
})
