import { errorCode } from '@evenkeel/core'
import { memoryStore, shareState } from '@evenkeel/core/persistence'
import { describe, expect, it } from 'vitest'
import { consecutiveFailures, exportCircuits, sharedCircuits } from '../src/index.ts'
import { world } from './world.ts'

const trip = consecutiveFailures({ threshold: 2 })
const critical = { priority: 'critical' } as const
const deferred = { priority: 'deferred' } as const

describe('critical calls', () => {
  it('go on while the server refuses all others', async () => {
    const { fail, start, breaker } = world({ trip })
    await fail(undefined, deferred)
    await fail()
    expect(start().isAdmitted).toBe(false)
    expect(start(deferred).isAdmitted).toBe(false)
    expect(start(critical).isAdmitted).toBe(true)
    expect(breaker.state('default')).toBe('open')
    expect(breaker.state('default', 'deferred')).toBe('open')
    expect(breaker.state('default', 'critical')).toBe('closed')
  })

  it('stop once they fail themselves, and say under which key', async () => {
    const { fail, start, events } = world({ trip })
    await fail(undefined, critical)
    await fail(undefined, critical)
    const { error } = await start(critical).ending
    expect(errorCode(error)).toBe('CIRCUIT_OPEN')
    expect(error).toMatchObject({ key: 'default' })
    expect(start().isAdmitted).toBe(true)
    expect(events).toMatchObject([
      { type: 'opened', key: 'default', isCritical: true },
      { type: 'rejected', key: 'default', priority: 'critical' },
    ])
  })

  it('probe for themselves', async () => {
    const { fail, succeed, clock, breaker, events } = world({ trip })
    for (const priority of ['critical', 'important', 'critical', 'important'] as const)
      await fail(undefined, { priority })
    events.length = 0
    await clock.advance(5000)
    await succeed(critical)
    expect(breaker.state('default', 'critical')).toBe('closed')
    expect(breaker.state('default')).toBe('half-open')
    await succeed()
    expect(breaker.state('default')).toBe('closed')
    expect(events).toEqual([
      { type: 'halfOpened', key: 'default', isCritical: true },
      { type: 'closed', key: 'default', isCritical: true },
      { type: 'halfOpened', key: 'default', isCritical: false },
      { type: 'closed', key: 'default', isCritical: false },
    ])
  })

  it.each(['critical', 'important'] as const)(
    'are isolated and reset with the others: %s',
    async (priority) => {
      const { breaker, start } = world({ trip })
      breaker.isolate('default')
      expect(start({ priority }).isAdmitted).toBe(false)
      breaker.reset('default')
      expect(start({ priority }).isAdmitted).toBe(true)
      breaker.isolate()
      expect(start({ priority, key: 'unseen' }).isAdmitted).toBe(false)
    },
  )

  it('find their circuit as it was after a reload', async () => {
    const store = memoryStore()
    const { fail, clock, breaker } = world({ trip })
    const shared = shareState([sharedCircuits(breaker)], { store, clock, channel: false })
    await fail(undefined, critical)
    await fail(undefined, critical)
    shared.close()
    expect(exportCircuits(breaker, 'default').circuits).toMatchObject([{ state: 'open' }])
    const next = world({ trip, clock })
    shareState([sharedCircuits(next.breaker)], { store, clock, channel: false })
    expect(next.start(critical).isAdmitted).toBe(false)
    expect(next.start().isAdmitted).toBe(true)
  })
})
