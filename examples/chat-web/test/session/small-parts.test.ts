import { manualClock } from '@evenkeel/core/testing'
import { describe, expect, it } from 'vitest'
import { type LastStay, loadLastStay, saveLastStay } from '../../src/session/last-stay.ts'
import { loadReadMarkers, saveReadMarkers } from '../../src/session/read-markers.ts'
import { TypingSignal } from '../../src/session/typing-signal.ts'
import { createStore } from '../../src/store.ts'

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

describe('the last stay', () => {
  const stay: LastStay = { me: { id: '1', name: 'Ada' }, channels: [], url: 'ws://gateway' }

  it('comes back as it was, by name', () => {
    const stored = new Map<string, string>()
    const storage = {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
    }
    saveLastStay(storage, 'Ada', stay)
    expect([loadLastStay(storage, 'Ada'), loadLastStay(storage, 'Kim')]).toEqual([stay, undefined])
  })

  it.each(['{', '{}', 'null', '{"me":{"id":"1"},"url":"ws://gateway"}'])(
    'is none where %s is stored, or nothing can be',
    (value) => {
      const full = () => {
        throw new Error('full')
      }
      saveLastStay({ getItem: () => null, setItem: full }, 'Ada', stay)
      expect(loadLastStay({ getItem: () => value, setItem: full }, 'Ada')).toBeUndefined()
    },
  )
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
