import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { createFetch } from '../src/index.ts'
import { isStale, staleIfError } from '../src/stale-if-error.ts'
import { testServer } from './server.ts'

const once = { retry: false, circuitBreaker: false } as const

it('a compressed answer is given again, decoded, when the server has hung up', async () => {
  const body = JSON.stringify({ items: Array.from({ length: 2000 }, (_, i) => i) })
  await using server = await testServer((request, response, n) => {
    if (n > 1) return request.socket.destroy()
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
    response.end(gzipSync(body))
  })
  const fetch = staleIfError(createFetch(once))
  const first = await fetch(server.url)
  expect(await first.json()).toEqual(JSON.parse(body))
  const second = await fetch(server.url)
  expect([isStale(second), second.url]).toEqual([true, first.url])
  expect(await second.json()).toEqual(JSON.parse(body))
})

it('forty failing answers in whose place others are given leave no connection behind', async () => {
  const long = 'x'.repeat(100_000)
  await using server = await testServer((_, response, n) => {
    response.writeHead(n > 1 ? 503 : 200, { 'content-length': long.length })
    response.end(long)
  })
  const fetch = staleIfError(createFetch({ ...once, rateLimit: false }))
  await (await fetch(server.url)).text()
  for (let call = 0; call < 40; call++)
    expect(await (await fetch(server.url)).text()).toHaveLength(long.length)
  expect(server.seen).toHaveLength(41)
  expect(server.connections).toBeLessThanOrEqual(2)
})

it('a download that nobody finishes is kept no further than its bound', async () => {
  await using server = await testServer((_, response) => {
    response.writeHead(200)
    const timer = setInterval(() => response.write('x'.repeat(65_536)), 1)
    response.on('close', () => clearInterval(timer))
  })
  const fetch = staleIfError(createFetch(once), { maxBodyBytes: 200_000 })
  const response = await fetch(server.url)
  const reader = response.body?.getReader()
  let size = 0
  while (size < 1_000_000) size += (await reader?.read())?.value?.byteLength ?? 0
  await reader?.cancel()
  await expect.poll(() => server.open).toBe(0)
  expect(fetch.kept()).toEqual({ entries: 0, bytes: 0 })
})
