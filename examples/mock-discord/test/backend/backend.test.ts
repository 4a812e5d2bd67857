import { describe, expect, it } from 'vitest'
import { Backend, type Work } from '../../src/backend/backend.ts'
import { type BackendPatch, readBackendPatch } from '../../src/backend/backend-options.ts'
import { presets } from '../../src/backend/presets.ts'
import { VirtualScheduler } from '../../src/backend/virtual-scheduler.ts'
import { patientClient } from './clients.ts'

function world(patch: BackendPatch = {}) {
  const scheduler = new VirtualScheduler()
  const backend = new Backend(scheduler, presets.legacy.backend, 1)
  backend.configure({
    ...patch,
    database: { distribution: 'fixed', sigma: 0, kappa: 0, ...patch.database },
  })
  const outcomes: string[] = []
  const submit = (work: Partial<Work> = {}) =>
    backend.submit(
      {
        service: 'messages',
        write: true,
        client: 'a',
        priority: 'important',
        ...patientClient,
        ...work,
      },
      (outcome) => outcomes.push(outcome),
    )
  return { scheduler, backend, outcomes, submit }
}

describe('the backend', () => {
  it('lets all services draw on one pool', () => {
    const { scheduler, backend, outcomes, submit } = world({
      database: { poolSize: 1, queueDepth: 2 },
    })
    for (const service of ['messages', 'files', 'users', 'users'] as const) submit({ service })
    expect(outcomes).toEqual(['refused'])
    scheduler.advance(1_000)
    expect(backend.status.database.done).toBe(3)
  })

  it('answers the gateway service without the database', () => {
    const { outcomes, submit } = world()
    submit({ service: 'gateway', write: false })
    expect(outcomes).toEqual(['done'])
  })

  it('takes more of the database for a dearer service', () => {
    const { scheduler, outcomes, submit } = world({ costs: { files: 3 } })
    submit({ service: 'files' })
    scheduler.advance(449)
    expect(outcomes).toEqual([])
    scheduler.advance(1)
    expect(outcomes).toEqual(['done'])
  })

  it('needs a media server before the database for a voice join, and refuses without', () => {
    const { scheduler, backend, outcomes, submit } = world()
    const home = { service: 'voice' } as const
    submit(home)
    const [region] = Object.entries(backend.status.voice).find(([, { joins }]) => joins.inUse) ?? []
    if (!region) throw new Error('no region took the join')
    expect(backend.status.database.inUse).toBe(0)
    backend.configure({ voice: { [region]: { instances: 1, queueDepth: 0 } } })
    submit(home)
    expect(outcomes).toEqual(['refused'])
    scheduler.advance(5_000)
    expect(outcomes).toEqual(['refused', 'done'])
    expect(backend.status.database.done).toBe(1)
    backend.close()
  })

  it('spreads clients over the regions by their shares', () => {
    const { backend, submit } = world()
    for (let client = 0; client < 4_000; client++) {
      submit({ service: 'voice', client: `mobile-${client}` })
    }
    const joins = Object.entries(backend.status.voice).map(
      ([
        name,
        {
          joins: { inUse, queued, refused },
        },
      ]) => [name, Math.round((inUse + queued + refused) / 400)],
    )
    expect(joins).toEqual([
      ['us-east', 5],
      ['eu-west', 3],
      ['asia', 2],
    ])
    backend.close()
  })

  it('reads from replicas, writes to the primary', () => {
    const { backend, submit } = world({ replicas: { count: 1 } })
    submit({ write: false })
    submit({ write: true })
    expect(backend.status.database.inUse).toBe(1)
    expect(backend.status.replicas.pools[0]?.inUse).toBe(1)
  })

  it('knows how long its queue takes to drain', () => {
    const { backend, submit } = world({ database: { poolSize: 2, serviceMs: 100 } })
    expect(backend.drainMs).toBe(0)
    for (let index = 0; index < 12; index++) submit()
    expect(backend.drainMs).toBe(500)
  })

  it('refuses a change to a region it has not, and changes nothing then', () => {
    const { backend } = world()
    expect(() => backend.configure({ voice: { mars: {} }, database: { poolSize: 1 } })).toThrow(
      'backend: voice has no region mars; it has us-east, eu-west, asia',
    )
    expect(backend.options.database.poolSize).toBe(5_000)
  })
})

describe('a change to the backend, as read from JSON', () => {
  it.each([
    [{ database: { poolSize: 0 } }, 'backend: database: poolSize must be an integer ≥ 1, got 0'],
    [
      { database: { order: 'random' } },
      "backend: database: order must be 'fifo' | 'lifo' | 'priority', got \"random\"",
    ],
    [{ database: { pool: 1 } }, 'backend: database has no pool; it has poolSize, queueDepth'],
    [{ databse: {} }, 'backend has no databse; it has database, replicas'],
    [[], 'backend must be an object, got []'],
    [
      { refusedHeaders: { 'retry-after': 5 } },
      'backend: refusedHeaders.retry-after must be a string, got 5',
    ],
    [{ costs: { files: -1 } }, 'backend: costs: files must be a number ≥ 0, got -1'],
    [
      { replicas: { count: 99 } },
      'backend: replicas: count must be an integer from 0 to 64, got 99',
    ],
  ])('%j is refused', (patch, message) => {
    expect(() => readBackendPatch(patch, 'backend')).toThrow(message)
  })

  it('takes null for no timeout', () => {
    expect(readBackendPatch({ database: { timeoutMs: null } }, 'backend')).toEqual({
      database: { timeoutMs: Number.POSITIVE_INFINITY },
    })
  })
})
