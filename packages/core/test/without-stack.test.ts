import { describe, expect, it } from 'vitest'
import { EvenkeelError, withoutStack } from '../src/index.ts'

const make = (): EvenkeelError => new EvenkeelError('CODE', 'a message')

describe('withoutStack', () => {
  it('makes an error whose stack is its message, and no other', () => {
    expect(withoutStack(make).stack).toBe('EvenkeelError: a message')
    expect(make().stack).toContain('without-stack.test')
  })

  it('gives the stacks back when the error could not be made', () => {
    const thrown = (): never => {
      throw new RangeError('a callback')
    }
    expect(() => withoutStack(thrown)).toThrow('a callback')
    expect(make().stack).toContain('without-stack.test')
  })

  it('works within itself', () => {
    const outer = withoutStack(() => new EvenkeelError('A', 'a', { cause: withoutStack(make) }))
    expect(`${outer.stack}${(outer.cause as Error).stack}`).not.toContain('\n')
    expect(make().stack).toContain('without-stack.test')
  })
})
