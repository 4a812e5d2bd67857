import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkMonitor } from '@evenkeel/core/network'
import { seededRandom } from '@evenkeel/core/testing'
import { expect, it } from 'vitest'
import { shapingProxy } from '../../../test/shaping/shaping-proxy.ts'
import { createFetch, type FetchOptions } from '../src/index.ts'

/** A photo, as chats send them. */
const photo = new Uint8Array(49_152)
const calls = 80
const atOnce = 8

/** Sends photos, some at once; counts what it took. */
async function sendPhotos(url: string, options: FetchOptions) {
  let attempts = 0
  let done = 0
  const fetch = createFetch({
    attemptTimeoutMs: 2000,
    // The network alone decides: neither a budget nor a breaker stops the retries.
    retry: { budget: false },
    circuitBreaker: false,
    onEvent: ({ type }) => {
      if (type === 'attemptStarted') attempts++
    },
    ...options,
  })
  let left = calls
  async function sender(): Promise<void> {
    while (left-- > 0)
      await fetch(url, { method: 'PUT', body: photo })
        .then((response) => response.text())
        .then(() => done++)
        .catch(() => {})
  }
  await Promise.all(Array.from({ length: atOnce }, sender))
  return { attemptsPerCall: attempts / calls, done: done / calls }
}

it('on a poor network a fixed timeout makes requests out of slowness, and one that knows the network does not', async () => {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end('thanks'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const shape = { latencyMs: 150, lossRatio: 0.05 }
  const proxy = await shapingProxy(port, shape, seededRandom(1))
  const network = networkMonitor()
  try {
    const url = `http://127.0.0.1:${proxy.port}/`
    const [fixed, adaptive] = await Promise.all([sendPhotos(url, {}), sendPhotos(url, { network })])
    const percent = (share: number): string => `${(100 * share).toFixed(0)} %`
    console.log(
      [
        '300 ms round trip, 5 % loss, photos of 48 kB, timeout 2 s:',
        `  fixed: ${fixed.attemptsPerCall.toFixed(2)} attempts per call, ${percent(fixed.done)} done`,
        `  adaptive: ${adaptive.attemptsPerCall.toFixed(2)} attempts per call, ${percent(adaptive.done)} done`,
        ...network.adaptation.reasons.map((reason) => `  ${reason}`),
      ].join('\n'),
    )
    expect(fixed.attemptsPerCall).toBeGreaterThanOrEqual(1.5)
    expect(adaptive.attemptsPerCall).toBeLessThanOrEqual(1.15)
    expect(adaptive.done).toBeGreaterThan(fixed.done)
    expect(network.facts.state).toBe('online')
    // Which of the two depends on what was lost last.
    expect(network.facts.quality).toMatch(/^(fair|poor)$/)
  } finally {
    network.close()
    await proxy.close()
    server.close()
    server.closeAllConnections()
  }
})
