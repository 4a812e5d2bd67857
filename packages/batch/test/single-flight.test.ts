import { describe, expect, it } from 'vitest'
import { singleFlight } from '../src/index.ts'
import { ending } from './world.ts'

function held() {
  const calls: { key: string; signal: AbortSignal; end: (value: string) => void }[] = []
  const load = (key: string, { signal }: { signal: AbortSignal }) =>
    new Promise<string>((end) => calls.push({ key, signal, end }))
  return { calls, load }
}

describe('single flight', () => {
  it('makes identical calls in flight one, and remembers nothing', async () => {
    const { calls, load } = held()
    const shared = singleFlight(load)
    const both = Promise.all([shared('a'), shared('a')])
    const other = shared('b')
    await undefined
    expect([calls.map(({ key }) => key), shared.size]).toEqual([['a', 'b'], 2])
    for (const { key, end } of calls) end(key.toUpperCase())
    expect([await both, await other]).toEqual([['A', 'A'], 'B'])
    expect(shared.size).toBe(0)
    shared('a')
    await undefined
    expect(calls).toHaveLength(3)
  })

  it('gives all the same error', async () => {
    const shared = singleFlight(() => {
      throw new Error('no')
    })
    const endings = await Promise.all([ending(shared(1)), ending(shared(1))])
    expect(endings).toEqual([{ error: new Error('no') }, { error: new Error('no') }])
    expect(shared.size).toBe(0)
  })

  it('lets one leave, and ends with the last', async () => {
    const { calls, load } = held()
    const shared = singleFlight(load)
    const [one, other] = [new AbortController(), new AbortController()]
    const first = ending(shared('a', { signal: one.signal }))
    const second = ending(shared('a', { signal: other.signal }))
    await undefined
    one.abort('first')
    expect(await first).toEqual({ error: 'first' })
    expect(calls[0]?.signal.aborted).toBe(false)
    other.abort('last')
    expect(await second).toEqual({ error: 'last' })
    expect(calls[0]?.signal.reason).toBe('last')
    shared('a')
    await undefined
    expect(calls).toHaveLength(2)
    calls[0]?.end('late')
    await undefined
    expect(shared.size).toBe(1)
  })

  it('starts nothing for a signal that has aborted', async () => {
    const { calls, load } = held()
    const shared = singleFlight(load)
    expect(await ending(shared('a', { signal: AbortSignal.abort('no') }))).toEqual({ error: 'no' })
    expect(calls).toEqual([])
  })

  it('keeps users apart by what idOf says', async () => {
    const { calls, load } = held()
    const shared = singleFlight(load, { idOf: (key) => key.toLowerCase() })
    shared('A')
    shared('a')
    shared('__proto__')
    await undefined
    expect(calls.map(({ key }) => key)).toEqual(['A', '__proto__'])
  })
})
