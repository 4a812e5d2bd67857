import { expect, it } from 'vitest'
import { rejected } from '../src/index.ts'

it('rejects with anything, even what could be waited for', async () => {
  for (const reason of [new Error('no'), undefined, Promise.resolve('not awaited')]) {
    const outcome = await rejected(reason).then(
      () => ['resolved'],
      (caught) => [caught],
    )
    expect(outcome[0]).toBe(reason)
  }
})

it('rejects a moment later, and before what is done after that', async () => {
  const order: string[] = []
  const promise = rejected('no')
  promise.catch(() => order.push('rejected'))
  order.push('asked for')
  await Promise.resolve().then(() => order.push('later'))
  await promise.catch(() => {})
  expect(order).toEqual(['asked for', 'later', 'rejected'])
})
