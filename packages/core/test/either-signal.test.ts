import { getEventListeners } from 'node:events'
import { expect, it } from 'vitest'
import { eitherSignal, onAbort, run } from '../src/index.ts'

const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length

it('is the one that there is', () => {
  const { signal } = new AbortController()
  expect(eitherSignal(signal, undefined)).toBe(signal)
  expect(eitherSignal(undefined, signal)).toBe(signal)
  expect(eitherSignal(undefined, undefined)).toBeUndefined()
})

it.each([0, 1])('aborts with whichever does first, and with its reason', (which) => {
  const controllers = [new AbortController(), new AbortController()] as const
  const either = eitherSignal(controllers[0].signal, controllers[1].signal)
  const reasons: unknown[] = []
  const release = onAbort(either, (reason) => reasons.push(reason))
  expect(either?.aborted).toBe(false)
  controllers[which]?.abort('enough')
  expect([either?.aborted, either?.reason, reasons]).toEqual([true, 'enough', ['enough']])
  release()
})

it('ends what runs, and leaves nothing on either when that is over', async () => {
  const one = new AbortController()
  const other = new AbortController()
  const signal = eitherSignal(one.signal, other.signal)
  const direct = {
    name: 'direct',
    execute: <T>(next: (c: never) => Promise<T>, c: never) => next(c),
  }
  expect(await run(direct as never, () => 'done', { signal })).toBe('done')
  expect([listeners(one.signal), listeners(other.signal)]).toEqual([0, 0])
  const stuck = run(direct as never, () => new Promise<never>(() => {}), { signal })
  expect([listeners(one.signal), listeners(other.signal)]).toEqual([1, 1])
  other.abort('closed')
  await expect(stuck).rejects.toBe('closed')
  expect([listeners(one.signal), listeners(other.signal)]).toEqual([0, 0])
  await expect(run(direct as never, () => 'never', { signal })).rejects.toBe('closed')
})
