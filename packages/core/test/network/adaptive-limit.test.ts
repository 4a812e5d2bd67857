import { describe, expect, it } from 'vitest'
import { adaptiveLimit, type LimitLike } from '../../src/network/index.ts'
import { world } from './world.ts'

describe('adaptiveLimit', () => {
  it('is ten, half on a fair network, and a quarter on a poor one', () => {
    const { monitor, answers, goes } = world()
    const limit = adaptiveLimit(monitor)()
    expect(limit.value).toBe(10)
    answers(300, 300, 300)
    expect(limit.value).toBe(5)
    goes('online')
    answers(1500, 1500, 1500)
    expect(limit.value).toBe(2.5)
    limit.ended?.(false, 10, 1)
    expect(limit.value).toBe(2.5)
  })

  it('is around a limit of another kind, which goes on learning, and never below one', () => {
    const { monitor, answers } = world()
    const heard: unknown[] = []
    const inner = { value: 3, ended: (...call: unknown[]) => heard.push(call) }
    const limit = adaptiveLimit(monitor, (): LimitLike => inner as LimitLike)()
    answers(1500, 1500, 1500)
    expect(limit.value).toBe(1)
    limit.ended?.(true, 100, 2)
    expect(heard).toEqual([[true, 100, 2]])
    inner.value = 8
    expect(limit.value).toBe(2)
  })
})
