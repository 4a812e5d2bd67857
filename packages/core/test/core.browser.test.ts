import { expect, inject, test } from 'vitest'
import {
  compose,
  deadline,
  errorCode,
  isTransient,
  run,
  sleep,
  systemClock,
  timeout,
  timeoutClock,
} from '../src/index.ts'

const origin = inject('origin')

test('a call under a timeout gives its response', async () => {
  const response = await run(compose(deadline(30_000), timeout(20_000)), ({ signal }) =>
    fetch(`${origin}/echo`, { signal }),
  )
  expect(response.status).toBe(200)
})

test('a server that never answers ends with TIMEOUT, and the request is dropped', async () => {
  let dropped: unknown
  const outcome = run(timeout(50), ({ signal }) =>
    fetch(`${origin}/hang`, { signal }).catch((error) => {
      dropped = error
      throw error
    }),
  )
  const error = await outcome.catch((each) => each)
  expect([errorCode(error), isTransient(error)]).toEqual(['TIMEOUT', true])
  await expect.poll(() => dropped).toBeDefined()
})

test('an abort by the caller rejects with its reason', async () => {
  const controller = new AbortController()
  const outcome = run(
    timeout(20_000),
    ({ signal }) => fetch(`${origin}/hang`, { signal }),
    controller,
  )
  controller.abort(new Error('left the page'))
  await expect(outcome).rejects.toThrow('left the page')
})

test.each([
  ['systemClock', systemClock],
  ['timeoutClock', timeoutClock],
])('waits on %s end in order', async (_, clock) => {
  const ended: number[] = []
  await Promise.all(
    [30, 10, 20].map((ms) => sleep(ms, undefined, clock).then(() => ended.push(ms))),
  )
  expect(ended).toEqual([10, 20, 30])
})

test('a wait that is cancelled never calls back', async () => {
  let called = false
  systemClock
    .scheduleAt(systemClock.now() + 5, () => {
      called = true
    })
    .cancel()
  await sleep(20)
  expect(called).toBe(false)
})
