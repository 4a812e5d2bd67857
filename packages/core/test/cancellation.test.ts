import { getEventListeners } from 'node:events'
import { describe, expect, test, vi } from 'vitest'
import { type Abortable, Cancellation, onAbort } from '../src/index.ts'

const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length

describe('Cancellation', () => {
  test('aborts its own signal with the reason it is given', () => {
    const cancellation = new Cancellation()
    const { signal } = cancellation
    cancellation.abort('over')
    expect(signal.reason).toBe('over')
    expect(cancellation.signal).toBe(signal)
  })

  test.each([
    [
      'a signal',
      () => {
        const controller = new AbortController()
        return [controller.signal, (reason: unknown) => controller.abort(reason)] as const
      },
    ],
    [
      'another cancellation',
      () => {
        const parent = new Cancellation()
        return [parent, (reason: unknown) => parent.abort(reason)] as const
      },
    ],
  ])('aborts with %s above it, whether its signal was read before or after', (_, makeParent) => {
    const [parent, abort] = makeParent()
    const [early, late] = [new Cancellation(parent), new Cancellation(parent)]
    const { signal } = early
    abort('above')
    expect(signal.reason).toBe('above')
    expect(late.signal.reason).toBe('above')
  })

  test('does not abort what is above it', () => {
    const parent = new Cancellation()
    const child = new Cancellation(parent)
    child.onAbort(() => {})
    child.abort('only here')
    expect(parent.signal.aborted).toBe(false)
  })

  test('keeps the first reason', () => {
    const cancellation = new Cancellation()
    cancellation.abort('first')
    cancellation.abort('second')
    expect(cancellation.signal.reason).toBe('first')
  })

  test('tells its owner first, and each follower once', () => {
    const told: string[] = []
    const cancellation = new Cancellation(undefined, (reason) => told.push(`owner ${reason}`))
    cancellation.onAbort((reason) => told.push(`a ${reason}`))
    cancellation.onAbort((reason) => told.push(`b ${reason}`))
    cancellation.abort(1)
    cancellation.abort(2)
    expect(told).toEqual(['owner 1', 'a 1', 'b 1'])
  })

  test('tells an owner at once when what is above was aborted before', () => {
    const owner = vi.fn()
    new Cancellation(AbortSignal.abort('before'), owner)
    expect(owner.mock.calls).toEqual([['before']])
  })

  test('tells nobody after its release, whoever aborts', () => {
    const controller = new AbortController()
    const [owner, follower] = [vi.fn(), vi.fn()]
    const cancellation = new Cancellation(controller.signal, owner)
    cancellation.onAbort(follower)
    const { signal } = cancellation
    cancellation.release()
    cancellation.release()
    controller.abort('above')
    expect([owner.mock.calls, follower.mock.calls, signal.aborted]).toEqual([[], [], false])
    cancellation.abort('itself')
    expect([owner.mock.calls, follower.mock.calls]).toEqual([[], []])
  })

  test('aborts the signal it has made after its release too: what was begun with it may outlive the call', () => {
    const cancellation = new Cancellation()
    const { signal } = cancellation
    cancellation.release()
    cancellation.abort('itself')
    expect([signal.aborted, signal.reason]).toEqual([true, 'itself'])
  })

  test('keeps its signal below what is above when the last follower is taken back', () => {
    const controller = new AbortController()
    const cancellation = new Cancellation(controller.signal)
    const { signal } = cancellation
    cancellation.onAbort(() => {})()
    controller.abort('above')
    expect([signal.aborted, signal.reason]).toEqual([true, 'above'])
  })

  test('tells no follower that was taken back, and may be told so twice', () => {
    const cancellation = new Cancellation()
    const [gone, left] = [vi.fn(), vi.fn()]
    const release = cancellation.onAbort(gone)
    cancellation.onAbort(left)
    release()
    release()
    cancellation.abort('x')
    release()
    expect([gone.mock.calls.length, left.mock.calls.length]).toEqual([0, 1])
  })

  test('stands re-entry: callbacks that abort, follow, take back or release', () => {
    const cancellation = new Cancellation()
    const told: unknown[] = []
    cancellation.onAbort((reason) => {
      cancellation.abort('again')
      cancellation.onAbort((late) => told.push(`late ${late}`))
      takeBack()
      cancellation.release()
      told.push(reason)
    })
    const takeBack = cancellation.onAbort(() => told.push('taken back'))
    cancellation.onAbort((reason) => told.push(reason))
    cancellation.abort('first')
    expect(told.filter((each) => each !== 'taken back')).toEqual(['late first', 'first', 'first'])
  })

  test('follows what is above only while somebody follows it', () => {
    const { signal } = new AbortController()
    const cancellation = new Cancellation(signal)
    expect(listeners(signal)).toBe(0)
    const first = cancellation.onAbort(() => {})
    const second = cancellation.onAbort(() => {})
    expect(listeners(signal)).toBe(1)
    first()
    expect(listeners(signal)).toBe(1)
    second()
    expect(listeners(signal)).toBe(0)
    cancellation.onAbort(() => {})
    expect(listeners(signal)).toBe(1)
    cancellation.release()
    expect(listeners(signal)).toBe(0)
  })

  test('goes on following for its owner when the last follower leaves', () => {
    const controller = new AbortController()
    const owner = vi.fn()
    const cancellation = new Cancellation(controller.signal, owner)
    cancellation.onAbort(() => {})()
    controller.abort('above')
    expect(owner.mock.calls).toEqual([['above']])
  })

  test('carries an abort down a chain of a thousand', () => {
    const top = new Cancellation()
    let bottom = top
    for (let depth = 0; depth < 1000; depth++) bottom = new Cancellation(bottom)
    const { signal } = bottom
    top.abort('top')
    expect(signal.reason).toBe('top')
  })
})

describe('onAbort', () => {
  test('calls back once with the reason, and has let go of the signal by then', () => {
    const controller = new AbortController()
    const callback = vi.fn()
    onAbort(controller.signal, callback)
    controller.abort('x')
    expect(callback.mock.calls).toEqual([['x']])
    expect(listeners(controller.signal)).toBe(0)
  })

  test('calls back at once for what was aborted before', () => {
    const callback = vi.fn()
    const signal = AbortSignal.abort('before')
    onAbort(signal, callback)()
    onAbort(signal, callback)
    expect(callback.mock.calls).toEqual([['before'], ['before']])
    expect(listeners(signal)).toBe(0)
  })

  test('does nothing where there is nothing to follow', () => {
    const callback = vi.fn()
    onAbort(undefined, callback)()
    expect(callback).not.toHaveBeenCalled()
  })

  test('follows anything that can be waited on', () => {
    const release = vi.fn()
    const source: Abortable = {
      onAbort(callback) {
        callback('custom')
        return release
      },
    }
    const callback = vi.fn()
    onAbort(source, callback)()
    expect(callback.mock.calls).toEqual([['custom']])
    expect(release).toHaveBeenCalledTimes(1)
  })

  test('has one listener for 10,000 that wait, tells all, and none when all have left', () => {
    const controller = new AbortController()
    const { signal } = controller
    let told = 0
    const releases = Array.from({ length: 10_000 }, () => onAbort(signal, () => told++))
    expect(listeners(signal)).toBe(1)
    for (const release of releases) release()
    expect(listeners(signal)).toBe(0)
    for (let each = 0; each < 10_000; each++) onAbort(signal, () => told++)
    expect(listeners(signal)).toBe(1)
    controller.abort()
    expect(told).toBe(10_000)
    expect(listeners(signal)).toBe(0)
  })

  test('tells the others when a callback throws, and reports that', () => {
    const report = vi.spyOn(console, 'error').mockImplementation(() => {})
    const controller = new AbortController()
    const told: string[] = []
    onAbort(controller.signal, () => told.push('before'))
    onAbort(controller.signal, () => {
      throw new Error('callback')
    })
    onAbort(controller.signal, () => told.push('after'))
    controller.abort()
    expect(told).toEqual(['before', 'after'])
    expect(report).toHaveBeenCalledTimes(1)
    report.mockRestore()
  })

  test('tells a callback that a former one has not taken back', () => {
    const controller = new AbortController()
    const told: string[] = []
    const first = onAbort(controller.signal, () => told.push('first'))
    first()
    onAbort(controller.signal, () => told.push('second'))
    controller.abort()
    expect(told).toEqual(['second'])
  })
})
