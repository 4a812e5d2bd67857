import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KeyedState, type KeyedStateOptions } from '../src/index.ts'
import { manualClock } from '../src/testing/index.ts'

interface State {
  readonly key: string
  needed?: boolean
}

function world(options: KeyedStateOptions<State> = {}) {
  const clock = manualClock()
  const states = new KeyedState<State>((key) => ({ key }), { clock, ...options })
  return { clock, states, keys: () => [...states.entries().keys()] }
}

describe('KeyedState', () => {
  test('makes the state of a key on first use and keeps it', () => {
    const { states } = world()
    const state = states.get('a')
    expect(state).toEqual({ key: 'a' })
    expect(states.get('a')).toBe(state)
    expect(states.get('b')).not.toBe(state)
  })

  test('shows a state without making or renewing it', async () => {
    const { states, clock, keys } = world({ idleMs: 100 })
    expect(states.peek('a')).toBeUndefined()
    states.get('a')
    await clock.advance(100)
    states.get('b')
    expect(states.peek('a')).toEqual({ key: 'a' })
    await clock.advance(100)
    states.get('c')
    expect(keys()).toEqual(['b', 'c'])
  })

  test('drops a key that rests when others come, after once to twice idleMs', async () => {
    const { states, clock } = world({ idleMs: 100 })
    states.get('idle')
    for (const [byMs, isThere] of [
      [99, true],
      [1, true],
      [99, true],
      [1, false],
    ] as const) {
      await clock.advance(byMs)
      states.get(`at ${clock.now()}`)
      expect(states.peek('idle') !== undefined).toBe(isThere)
    }
  })

  test('keeps a key that is used, however long', async () => {
    const { states, clock } = world({ idleMs: 100 })
    const state = states.get('busy')
    for (let turn = 0; turn < 20; turn++) {
      await clock.advance(70)
      states.get(`other ${turn}`)
      expect(states.get('busy')).toBe(state)
    }
  })

  test('keeps what still says something beyond its rest', async () => {
    const { states, clock } = world({ idleMs: 100, isNeeded: ({ needed }) => needed === true })
    const needed = states.get('needed')
    needed.needed = true
    states.get('not needed')
    for (let turn = 0; turn < 10; turn++) {
      await clock.advance(100)
      states.get(`other ${turn}`)
    }
    expect(states.peek('needed')).toBe(needed)
    expect(states.peek('not needed')).toBeUndefined()
    needed.needed = false
    for (let turn = 10; turn < 13; turn++) {
      await clock.advance(100)
      states.get(`other ${turn}`)
    }
    expect(states.peek('needed')).toBeUndefined()
  })

  test('lists each key once, with the state in use', async () => {
    const { states, clock } = world({ idleMs: 100 })
    states.get('a')
    states.get('b')
    await clock.advance(100)
    states.get('c')
    states.get('a')
    expect([...states.entries().keys()].sort()).toEqual(['a', 'b', 'c'])
    expect(states.entries().get('a')).toBe(states.get('a'))
  })

  test('has room for a thousand keys on the clock of the platform unless told otherwise', () => {
    const states = new KeyedState((key) => ({ key }))
    for (let index = 0; index < 100_000; index++) states.get(`key ${index}`)
    expect(states.entries().size).toBeLessThanOrEqual(1000)
    expect(states.peek('key 99999')).toBeDefined()
  })

  test('never holds more than maxKeys, and never drops the key just used', () => {
    const operation = fc.oneof(
      { weight: 8, arbitrary: fc.record({ key: fc.nat(60), needed: fc.boolean() }) },
      { weight: 1, arbitrary: fc.record({ byMs: fc.nat(150) }) },
    )
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 20 }),
        fc.array(operation, { maxLength: 200 }),
        (maxKeys, operations) => {
          let nowMs = 0
          const clock = { ...manualClock(), now: () => nowMs }
          const { states } = world({
            clock,
            maxKeys,
            idleMs: 100,
            isNeeded: ({ needed }) => needed === true,
          })
          for (const each of operations) {
            if ('byMs' in each) nowMs += each.byMs
            else {
              const state = states.get(`${each.key}`)
              state.needed = each.needed
              expect(states.peek(`${each.key}`)).toBe(state)
            }
            expect(states.entries().size).toBeLessThanOrEqual(maxKeys)
          }
        },
      ),
      { seed: 11, numRuns: 300 },
    )
  })

  test('keeps at most a quarter of its room for what is needed but not used', () => {
    const { states, keys } = world({ maxKeys: 40, isNeeded: () => true })
    for (let index = 0; index < 500; index++) states.get(`${index}`)
    expect(keys().length).toBeLessThanOrEqual(40)
    expect(keys()).toContain('499')
  })

  test.each([
    ['maxKeys', Number.NaN, 'KeyedState: maxKeys must be a number ≥ 2, got NaN'],
    ['maxKeys', 1, 'KeyedState: maxKeys must be a number ≥ 2, got 1'],
    ['idleMs', Number.NaN, 'KeyedState: idleMs must be a number ≥ 0, got NaN'],
    ['idleMs', -1, 'KeyedState: idleMs must be a number ≥ 0, got -1'],
  ])('refuses %s %s, which would hold keys without bound', (name, value, message) => {
    expect(() => world({ [name]: value })).toThrow(new RangeError(message))
  })
})
