import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { remainingMs, seal, unseal } from '../../src/persistence/index.ts'
import { manualClock } from '../../src/testing/index.ts'

describe('seal and unseal', () => {
  const clock = manualClock()
  const rules = { version: 2, ttlMs: 1000, maxLength: 200, clock }

  it('give back what was put in', () => {
    const data = { a: [1, 'two', null] }
    expect(unseal(seal(data, 2, clock), rules)).toEqual({ data })
  })

  it.each([
    ['no text', undefined, 'malformed'],
    ['an object', { evenkeel: 2 }, 'malformed'],
    ['no JSON', '{', 'malformed'],
    ['null', 'null', 'malformed'],
    ['a foreign object', '{"hello":"world"}', 'malformed'],
    ['one without a time', '{"evenkeel":2,"data":1}', 'malformed'],
    ['one that is all prototype', '{"__proto__":{"evenkeel":2,"savedAtMs":1}}', 'malformed'],
    ['an earlier version', seal(1, 1, clock), 'malformed'],
    ['a later version', seal(1, 3, clock), 'future'],
    ['a long text', seal('x'.repeat(200), 2, clock), 'tooLong'],
  ])('ignore %s', (_, text, ignored) => {
    expect(unseal(text, rules)).toEqual({ ignored })
  })

  it('ignore what is too old, and not what a clock that was set back makes seem new', async () => {
    const old = manualClock()
    const text = seal('x', 2, old)
    const at = (byMs: number) => {
      const later = manualClock(old.wallNow() + byMs)
      return unseal(text, { ...rules, clock: later })
    }
    expect(at(1000)).toEqual({ data: 'x' })
    expect(at(1001)).toEqual({ ignored: 'expired' })
    expect(at(-1e12)).toEqual({ data: 'x' })
  })

  it('never throw, and never touch a prototype', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.json(), fc.string()), (text) => {
        unseal(text, rules)
      }),
    )
    unseal('{"evenkeel":2,"savedAtMs":1,"data":{"__proto__":{"polluted":true}}}', rules)
    expect('polluted' in {}).toBe(false)
  })
})

describe('remainingMs', () => {
  it.each([
    ['the time that is left', 5000, 0, 2000, 3000],
    ['less than nothing of what is over', 5000, 0, 7000, -2000],
    ['no more than when it was saved, if the clock was set back', 5000, 4000, -1e12, 1000],
    ['nothing more of what was over when it was saved', 5000, 6000, -1e12, 0],
  ])('is %s', (_, atMs, savedAtMs, wallNowMs, expected) => {
    expect(remainingMs(atMs, savedAtMs, wallNowMs)).toBe(expected)
  })
})
