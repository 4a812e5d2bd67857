import { describe, expect, it } from 'vitest'
import { EvenkeelError, refusal } from '../src/index.ts'
import { manualClock } from '../src/testing/index.ts'

describe('a refusal', () => {
  it('says that the call may succeed later, and nothing of the server, without a stack', () => {
    const clock = manualClock()
    const error = refusal('NO_ROOM', 'No room', { key: 'api', retryAfterMs: 250, clock })
    expect(error).toBeInstanceOf(EvenkeelError)
    expect(error).toMatchObject({
      code: 'NO_ROOM',
      message: 'No room',
      key: 'api',
      transient: true,
      throttled: true,
      reached: 'no',
      retryAfterMs: 250,
      retryAt: new Date(clock.wallNow() + 250),
    })
    expect(error.stack).toBe('EvenkeelError: No room')
  })

  it('is what it is told to be', () => {
    expect(refusal('ISOLATED', 'For good', { transient: false })).toMatchObject({
      transient: false,
      throttled: true,
    })
  })
})
