import { EvenkeelError, errorCode, failureFacts } from '@evenkeel/core'
import { describe, expect, it } from 'vitest'
import type { BulkheadOptions } from '../src/index.ts'
import { failure, type Started, world } from './world.ts'

/** A bulkhead of four places whose calls have all failed, and ten that wait. */
async function fallen(options: BulkheadOptions = {}) {
  const made = world({ limit: 4, ...options })
  const first = made.crowd(4, 'critical')
  made.crowd(10, 'important')
  for (const call of first) await call.fail()
  return made
}

describe('the slow start', () => {
  it('leaves one place when as many calls in a row failed as there are places', async () => {
    const { state, told } = await fallen()
    expect(state()).toEqual({ inFlight: 3, limit: 1, queued: 7 })
    expect(told('limitChanged')).toEqual([{ type: 'limitChanged', key: 'api', limit: 1 }])
  })

  it('gives a place back for each call that succeeds', async () => {
    const { state, endOne, starts, told } = await fallen()
    const counts = [starts.length]
    // The four that failed come first.
    for (let each = 0; each < 4; each++) await endOne()
    for (let each = 0; each < 6; each++) {
      await endOne()
      counts.push(starts.length)
    }
    expect(counts).toEqual([7, 7, 9, 11, 12, 13, 14])
    expect(state()).toEqual({ inFlight: 4, limit: 4, queued: 0 })
    expect(told('limitChanged')).toMatchObject([
      { limit: 1 },
      { limit: 2 },
      { limit: 3 },
      { limit: 4 },
    ])
  })

  it('begins again when all of the fewer places fail', async () => {
    const { start, state } = world({ limit: 2 })
    for (const name of ['one', 'two']) await start(name).fail()
    expect(state().limit).toBe(1)
    await start('three').succeed()
    expect(state().limit).toBe(2)
    await start('four').fail()
    expect(state().limit).toBe(2)
    await start('five').fail()
    expect(state().limit).toBe(1)
  })

  it('is not begun by a glitch', async () => {
    const { start, state } = world({ limit: 4 })
    for (let round = 0; round < 10; round++) {
      for (let each = 0; each < 3; each++) await start(`${round} ${each}`).fail()
      await start(`${round}`).succeed()
    }
    expect(state().limit).toBe(4)
  })

  it('can be turned off', async () => {
    expect((await fallen({ slowStart: false })).state()).toMatchObject({ inFlight: 4, limit: 4 })
  })

  const wasUnwell = async (end: (call: Started) => unknown, options: BulkheadOptions = {}) => {
    const { start, state } = world({ limit: 2, ...options })
    for (const name of ['one', 'two']) await end(start(name))
    return state().limit === 1
  }

  it.each<[string, unknown, boolean]>([
    ['a failure that may pass', failure(), true],
    ['an error that says nothing of itself', new Error('socket hang up'), true],
    ['a connection that was refused', failure({ reached: 'no' }), true],
    [
      'a 429 of the host’s',
      new EvenkeelError('HTTP_STATUS', '429', { transient: true, throttled: true }),
      true,
    ],
    [
      'a limit of the server’s own',
      Object.assign(new Error('429'), { [failureFacts]: { throttled: true, transient: true } }),
      true,
    ],
    [
      'the refusal of a policy further in',
      new EvenkeelError('CIRCUIT_OPEN', 'open', { transient: true, throttled: true }),
      false,
    ],
    ['an answer such as 404', failure({ transient: false }), false],
    ['an abort that the action threw', new DOMException('aborted', 'AbortError'), false],
  ])('takes %s for a server that is unwell: %j → %j', async (_, error, isUnwell) => {
    expect(await wasUnwell((call) => call.fail(error))).toBe(isUnwell)
  })

  it('takes a caller’s change of mind for nothing, and a timeout of the caller’s for a failure', async () => {
    const abort = (reason: unknown) => async (call: Started) => {
      await call.abort(reason)
      await call.fail(reason)
    }
    expect(await wasUnwell(abort('never mind'))).toBe(false)
    expect(await wasUnwell(abort(new DOMException('too slow', 'TimeoutError')))).toBe(true)
  })

  it('asks isFailure, if there is one', async () => {
    const isFailure: BulkheadOptions['isFailure'] = ({ error, context }) =>
      errorCode(error) === 'MAINTENANCE' && context.key === 'api'
    const maintenance = new EvenkeelError('MAINTENANCE', 'back at noon')
    expect(await wasUnwell((call) => call.fail(maintenance), { isFailure })).toBe(true)
    expect(await wasUnwell((call) => call.fail(), { isFailure })).toBe(false)
  })
})
