import { manualClock } from '@evenkeel/core/testing'
import { describe, expect, it } from 'vitest'
import { loadReadMarkers, saveReadMarkers } from '../../src/session/read-markers.ts'
import { SendQueue } from '../../src/session/send-queue.ts'
import { TypingSignal } from '../../src/session/typing-signal.ts'
import { createStore } from '../../src/store.ts'
import { settle } from '../settle.ts'

describe('a store', () => {
  const add = (sum: number, more: number): number => sum + more

  it('tells of changes, and of nothing else, until it is released', () => {
    const store = createStore(add, 1)
    const seen: number[] = []
    const release = store.subscribe(() => seen.push(store.get()))
    for (const more of [2, 0, 3]) store.dispatch(more)
    release()
    store.dispatch(4)
    expect([seen, store.get()]).toEqual([[3, 6], 10])
  })
})

describe('a send queue', () => {
  it('runs the tasks of a channel one after another, and channels beside each other', async () => {
    const queue = new SendQueue()
    const told: string[] = []
    const ends: (() => void)[] = []
    const task = (name: string) => () => {
      told.push(name)
      return new Promise<void>((resolve) => ends.push(resolve))
    }
    queue.push('a', task('a1'))
    queue.push('a', task('a2'))
    queue.push('b', task('b1'))
    expect([told, queue.isBusy('a'), queue.isBusy('c')]).toEqual([['a1', 'b1'], true, false])
    ends[0]?.()
    await settle()
    expect(told).toEqual(['a1', 'b1', 'a2'])
    for (const end of ends) end()
    await settle()
    expect([queue.isBusy('a'), queue.isBusy('b')]).toEqual([false, false])
  })
})

describe('read markers', () => {
  /** A storage that holds one value, or refuses. */
  const storage = (value: string | null) => ({
    value,
    getItem: () => value,
    setItem(_: string, next: string) {
      this.value = next
    },
  })

  it('come back as they were', () => {
    const local = storage(null)
    expect(loadReadMarkers(local, '1')).toEqual({})
    saveReadMarkers(local, '1', { '10': '100' })
    expect(loadReadMarkers(storage(local.value), '1')).toEqual({ '10': '100' })
  })

  it.each(['no JSON', 'null', '7', '{"10":{"a":1},"11":"x"}'])(
    'are none when %s is stored',
    (value) => {
      expect(loadReadMarkers(storage(value), '1')).toEqual({})
    },
  )

  it('may be forgotten by a storage that is full', () => {
    const full = {
      getItem: () => null,
      setItem() {
        throw new Error('full')
      },
    }
    expect(() => saveReadMarkers(full, '1', {})).not.toThrow()
  })
})

describe('the typing signal', () => {
  it('is given at the first key, every eight seconds, and anew after a message', async () => {
    const clock = manualClock()
    const told: string[] = []
    const typing = new TypingSignal(
      {
        async typing(channelId) {
          told.push(`${channelId} ${clock.now()}`)
          throw new Error('nobody misses it')
        },
      },
      clock,
    )
    typing.typed('a')
    typing.typed('b')
    await clock.advance(7999)
    typing.typed('a')
    await clock.advance(1)
    typing.typed('a')
    typing.sent('a')
    typing.typed('a')
    expect(told).toEqual(['a 0', 'b 0', 'a 8000', 'a 8000'])
  })
})
