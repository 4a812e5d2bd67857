import { expect, inject, test } from 'vitest'
import { createFetch } from '../src/index.ts'
import { isStale, staleIfError } from '../src/stale-if-error.ts'

const origin = inject('origin')

test('an answer of this engine is kept and given again, when the server drops the connection', async () => {
  let isDown = false
  const fetch = staleIfError(
    createFetch({
      retry: false,
      fetch: (input, init) => globalThis.fetch(isDown ? `${origin}/drop` : input, init),
    }),
  )
  const url = `${origin}/flaky/${crypto.randomUUID()}?failures=0`
  expect(await (await fetch(url)).text()).toBe('ok')
  await expect.poll(() => fetch.kept().entries).toBe(1)
  isDown = true
  const response = await fetch(url)
  expect([isStale(response), response.url, response.status]).toEqual([true, url, 200])
  expect(response.headers.get('age')).toMatch(/^\d+$/)
  expect(await response.text()).toBe('ok')
})
