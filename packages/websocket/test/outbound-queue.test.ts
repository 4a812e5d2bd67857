import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byteLength } from '../src/byte-length.ts'
import { lanes } from '../src/lanes.ts'
import { OutboundQueue, type QueueKind, type QueueLimits } from '../src/outbound-queue.ts'
import type { SendOptions } from '../src/send-options.ts'
import { snapshot } from '../src/snapshot.ts'
import { anyText } from './any-text.ts'

const laned = lanes().kind as QueueKind
const kinds: [name: string, kind: QueueKind][] = [
  ['plain', OutboundQueue],
  ['with lanes', laned],
]

function queue(limits: Partial<QueueLimits> = {}, Kind = laned) {
  const dropped: string[] = []
  const q = new Kind(
    { maxMessages: 3, maxBytes: 100, overflow: 'reject', ...limits },
    ({ data }, reason) => dropped.push(`${data} ${reason}`),
  )
  const add = (data: string, options: SendOptions = {}, expiresAtMs = Infinity): boolean =>
    q.add({ data, bytes: data.length, expiresAtMs, options, settle: undefined })
  const rest = (): unknown[] => {
    const all: unknown[] = []
    for (let each = q.take(); each; each = q.take()) all.push(each.data)
    return all
  }
  return { q, add, dropped, rest }
}

describe.each(kinds)('a queue, %s,', (_name, kind) => {
  it('turns away what is one too many, or too large, and keeps the rest', () => {
    const { add, rest, dropped } = queue({ maxBytes: 5 }, kind)
    expect(['ab', 'cd', 'ef', 'g', 'h'].map((each) => add(each))).toEqual([
      true,
      true,
      false,
      true,
      false,
    ])
    expect(dropped).toEqual([])
    expect(rest()).toEqual(['ab', 'cd', 'g'])
  })

  it('drops the newest when told to', () => {
    const { add, rest, dropped } = queue({ overflow: 'drop-newest' }, kind)
    for (const each of ['a', 'b', 'c', 'd']) expect(add(each)).toBe(true)
    expect([rest(), dropped]).toEqual([['a', 'b', 'c'], ['d overflow']])
  })

  it('drops as many as a large newcomer needs, or only that when it can never fit', () => {
    const { add, rest, dropped } = queue({ overflow: 'drop-oldest', maxBytes: 6 }, kind)
    for (const each of ['aa', 'bb', 'cc']) add(each)
    add('dddd')
    add('eeeeeee')
    expect([rest(), dropped]).toEqual([
      ['cc', 'dddd'],
      ['aa overflow', 'bb overflow', 'eeeeeee overflow'],
    ])
  })

  it('drops what is stale, and knows what is next', () => {
    const { q, add, dropped } = queue({}, kind)
    expect(q.expiresAtMs).toBe(Infinity)
    add('a', {}, 20)
    add('b', {}, 10)
    expect(q.expiresAtMs).toBe(10)
    q.dropWhere(({ expiresAtMs }) => expiresAtMs <= 10, 'expired')
    expect([dropped, q.size, q.bytes, q.expiresAtMs]).toEqual([['b expired'], 1, 1, 20])
  })

  it('drops all when told to', () => {
    const { q, add, dropped } = queue({}, kind)
    add('a')
    add('b')
    q.dropWhere(() => true, 'closed')
    expect([dropped, q.size, q.bytes]).toEqual([['a closed', 'b closed'], 0, 0])
  })

  it('keeps to its bounds, and ends every message exactly once', () => {
    const policy = fc.constantFrom('reject', 'drop-oldest', 'drop-newest')
    const lengths = fc.array(fc.integer({ min: 0, max: 8 }))
    fc.assert(
      fc.property(lengths, policy, (messages, overflow) => {
        const limits = { overflow, maxMessages: 4, maxBytes: 20 } as const
        const { q, add, dropped, rest } = queue(limits, kind)
        let refused = 0
        for (const length of messages) {
          if (!add('x'.repeat(length))) refused++
          expect(q.size).toBeLessThanOrEqual(4)
          expect(q.bytes).toBeLessThanOrEqual(20)
        }
        expect(refused + dropped.length + rest().length).toBe(messages.length)
        expect([q.size, q.bytes]).toEqual([0, 0])
      }),
    )
  })
})

describe('lanes', () => {
  it('give messages in order, the most important first', () => {
    const { add, rest } = queue({ maxMessages: 9 })
    add('a', { priority: 'deferred' })
    add('b')
    add('c', { priority: 'critical' })
    add('d')
    expect(rest()).toEqual(['c', 'b', 'd', 'a'])
  })

  it('drop the oldest of the least important when told to', () => {
    const { add, rest, dropped } = queue({ overflow: 'drop-oldest' })
    add('a')
    add('b', { priority: 'deferred' })
    add('c')
    add('d')
    add('e')
    expect([rest(), dropped]).toEqual([
      ['c', 'd', 'e'],
      ['b overflow', 'a overflow'],
    ])
  })

  it('drop nothing more important than the newcomer', () => {
    const { add, rest, dropped } = queue({ overflow: 'drop-oldest' })
    for (const each of ['a', 'b', 'c']) add(each)
    add('d', { priority: 'deferred' })
    expect([rest(), dropped]).toEqual([['a', 'b', 'c'], ['d overflow']])
  })

  it('replace an older message of the same coalesceKey, even when it is full', () => {
    const { add, rest, dropped } = queue()
    add('a', { coalesceKey: 'typing' })
    add('b')
    add('c')
    expect(add('d', { coalesceKey: 'typing' })).toBe(true)
    expect([rest(), dropped]).toEqual([['b', 'c', 'd'], ['a superseded']])
    expect(add('e', { coalesceKey: 'typing' })).toBe(true)
    expect(dropped).toHaveLength(1)
  })

  it('do not count the one they replace when they make room', () => {
    const { add, rest, dropped } = queue({ overflow: 'drop-oldest', maxBytes: 6 })
    add('aa', { coalesceKey: 'x' })
    add('bb')
    add('cc')
    add('dddd', { coalesceKey: 'x' })
    expect([rest(), dropped]).toEqual([
      ['cc', 'dddd'],
      ['bb overflow', 'aa superseded'],
    ])
  })

  it('keep to their bounds, and end every message exactly once', () => {
    const message = fc.record({
      data: fc.string({ maxLength: 8 }),
      priority: fc.constantFrom('critical', 'important', 'deferred'),
      coalesceKey: fc.constantFrom(undefined, undefined, 'x', 'y'),
    })
    const policy = fc.constantFrom('reject', 'drop-oldest', 'drop-newest')
    fc.assert(
      fc.property(fc.array(message), policy, (messages, overflow) => {
        const { q, add, dropped, rest } = queue({ overflow, maxMessages: 4, maxBytes: 20 })
        let refused = 0
        for (const { data, ...more } of messages) {
          if (!add(data, more)) refused++
          expect(q.size).toBeLessThanOrEqual(4)
          expect(q.bytes).toBeLessThanOrEqual(20)
        }
        expect(refused + dropped.length + rest().length).toBe(messages.length)
        expect([q.size, q.bytes]).toEqual([0, 0])
      }),
    )
  })
})

describe('the size of a message', () => {
  it('is that of its UTF-8', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(byteLength(text)).toBe(new TextEncoder().encode(text).length)
      }),
    )
  })

  it('is that of its bytes', () => {
    const buffer = new ArrayBuffer(8)
    const sizes = [buffer, new Uint8Array(buffer, 2, 3), new Blob(['four'])].map(byteLength)
    expect(sizes).toEqual([8, 3, 4])
  })

  it('is of the message as it was: a buffer that changes later does not change it', () => {
    const bytes = Uint8Array.of(1, 2, 3)
    const kept = [snapshot(bytes.subarray(1)), snapshot(bytes.buffer)]
    bytes.fill(9)
    expect(kept.map((each) => [...new Uint8Array(each as ArrayBuffer)])).toEqual([
      [2, 3],
      [1, 2, 3],
    ])
  })
})
