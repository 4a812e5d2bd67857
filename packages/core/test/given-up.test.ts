import { describe, expect, it } from 'vitest'
import {
  EvenkeelError,
  GivenUp,
  givenUp,
  giveUpTurn,
  isRetryable,
  markGivenUp,
} from '../src/index.ts'

const down = (init = {}): EvenkeelError =>
  new EvenkeelError('DOWN', 'down', { transient: true, ...init })

describe('a failure that was given up', () => {
  it('says by whom, and is retryable no more', () => {
    const error = down()
    expect([givenUp(error), isRetryable(error)]).toEqual([undefined, true])
    markGivenUp(error, new GivenUp('server'))
    expect(givenUp(error)?.by).toBe('server')
    expect(isRetryable(error)).toBe(false)
    expect(Object.keys(error)).not.toContain('by')
    expect(JSON.stringify(error)).not.toContain('server')
  })

  it('may be an answer', () => {
    const answer = new Response('', { status: 503 })
    expect(isRetryable(answer)).toBe(true)
    markGivenUp(answer, new GivenUp('server'))
    expect(isRetryable(answer)).toBe(false)
  })

  it('is known by its cause, four deep and no deeper', () => {
    let error: Error = down()
    markGivenUp(error, new GivenUp('server'))
    for (let depth = 1; depth <= 5; depth++) {
      error = new Error('wrapped', { cause: error })
      expect([depth, isRetryable(error)]).toEqual([depth, depth > 4])
    }
    const circle = new Error('round')
    circle.cause = circle
    expect(givenUp(circle)).toBeUndefined()
  })

  it('is counted, so that a mark from before a call can be told from one of that call', () => {
    const before = giveUpTurn()
    const given = new GivenUp('server')
    expect(given.turn).toBe(before + 1)
    expect(giveUpTurn()).toBe(before + 1)
  })

  it('can be marked again, and marked by nobody without a change', () => {
    const error = down()
    markGivenUp(error, new GivenUp(1))
    markGivenUp(error, new GivenUp(2))
    markGivenUp(error, undefined)
    expect(givenUp(error)?.by).toBe(2)
  })

  it('can be anything: what takes no mark has none', () => {
    const hostile = new Proxy(
      {},
      {
        get() {
          throw new Error('no property')
        },
        defineProperty() {
          throw new Error('no property')
        },
      },
    )
    for (const thrown of ['boom', undefined, null, 7, Object.freeze(new Error('x')), hostile]) {
      markGivenUp(thrown, new GivenUp('server'))
      expect(givenUp(thrown)).toBeUndefined()
      expect(isRetryable(thrown)).toBe(true)
    }
  })

  it('is no more retryable than it was', () => {
    expect(isRetryable(new TypeError('a bug'))).toBe(false)
    expect(isRetryable(down({ transient: false }))).toBe(false)
  })
})
