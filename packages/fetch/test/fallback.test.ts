import { EvenkeelError, errorCode } from '@evenkeel/core'
import { manualClock } from '@evenkeel/core/testing'
import { describe, expect, it } from 'vitest'
import { type Fallback, isFallback, withFallback } from '../src/fallback.ts'
import { createFetch } from '../src/index.ts'
import { failure, url } from './world.ts'

const answering = (outcome: number | Error, fallbacks: Record<string, Fallback>) =>
  withFallback(async () => {
    if (outcome instanceof Error) throw outcome
    return new Response('server', { status: outcome, headers: { 'content-length': '6' } })
  }, fallbacks)
const open = new EvenkeelError('CIRCUIT_OPEN', 'open', { transient: true })
const spare = (): Response => new Response('spare')

describe('a fallback', () => {
  it.each<[string, number | Error, string]>([
    ['the code of what was thrown', open, 'CIRCUIT_OPEN'],
    ['a network that failed', new TypeError('fetch failed'), 'NETWORK_ERROR'],
    ['an error that may pass and has no code', new Error('reset'), 'NETWORK_ERROR'],
    ['a status', 503, '503'],
    ['a status that is no failure elsewhere', 404, '404'],
    ['any failure thrown', open, 'any'],
    ['any failing answer', 500, 'any'],
  ])('answers for %s', async (_, outcome, code) => {
    const response = await answering(outcome, { [code]: spare() })(url)
    expect([await response.text(), isFallback(response)]).toEqual(['spare', true])
  })

  it.each<[string, number | Error]>([
    ['a success', 200],
    ['an answer below 500', 404],
  ])('does not answer for %s, whatever is there for any', async (_, outcome) => {
    const response = await answering(outcome, { any: spare(), CIRCUIT_OPEN: spare() })(url)
    expect([await response.text(), isFallback(response)]).toEqual(['server', false])
  })

  it('leaves alone what it has no name for', async () => {
    expect(await failure(answering(open, { TIMEOUT: spare() })(url))).toBe(open)
    expect((await answering(503, { '500': spare() })(url)).status).toBe(503)
    for (const code of ['toString', '__proto__']) {
      const odd = new EvenkeelError(code, 'odd')
      expect(await failure(answering(odd, {})(url))).toBe(odd)
    }
  })

  it('hides no bug', async () => {
    const bug = new TypeError('x is not a function')
    expect(await failure(answering(bug, { any: spare(), NETWORK_ERROR: spare() })(url))).toBe(bug)
  })

  it('prefers the name to any', async () => {
    const fetch = answering(open, { any: spare(), CIRCUIT_OPEN: new Response('named') })
    expect(await (await fetch(url)).text()).toBe('named')
  })

  it('gives one Response as often as it takes', async () => {
    const fetch = answering(open, { any: spare() })
    for (const _ of [1, 2]) expect(await (await fetch(url)).text()).toBe('spare')
  })

  it('may be made, with what is known of the call', async () => {
    const seen: unknown[] = []
    const init = { method: 'PUT' }
    const thrown = answering(open, {
      any: ({ code, error, input, init: given }) => {
        seen.push(code, error, input, given)
        return Promise.resolve(spare())
      },
    })
    expect(isFallback(await thrown(url, init))).toBe(true)
    expect(seen).toEqual(['CIRCUIT_OPEN', open, url, init])
    const answered = answering(503, {
      any: async ({ code, response }) => new Response(`${code} ${await response?.text()}`),
    })
    expect(await (await answered(url)).text()).toBe('503 server')
  })

  it('may be nothing: then the failure stands, its body unread', async () => {
    const nothing = { any: () => undefined }
    expect(await failure(answering(open, nothing)(url))).toBe(open)
    expect(await (await answering(503, nothing)(url)).text()).toBe('server')
  })

  it('that throws is the caller’s to see', async () => {
    const fetch = answering(open, {
      any: () => {
        throw new Error('a fallback with a bug')
      },
    })
    expect((await failure(fetch(url))).message).toBe('a fallback with a bug')
  })

  it('frees the body of the answer in whose place it is, and keeps one that it hands on', async () => {
    const failed = new Response('down', { status: 503, headers: { 'content-length': '4' } })
    const fetch = withFallback(async () => failed, { '503': spare() })
    await fetch(url)
    expect(failed.bodyUsed).toBe(true)
    const same = withFallback(async () => new Response('down', { status: 503 }), {
      '503': ({ response }) => response,
    })
    expect(await (await same(url)).text()).toBe('down')
  })

  it('is not for who has left', async () => {
    const signal = AbortSignal.abort()
    const fetch = answering(open, { any: spare() })
    expect(await failure(fetch(url, { signal }))).toBe(open)
    expect(await failure(fetch(new Request(url, { signal })))).toBe(open)
    expect(isFallback(await fetch(new Request(url, { signal }), { signal: null }))).toBe(true)
  })

  it('comes after what createFetch could do about it', async () => {
    const clock = manualClock()
    let sent = 0
    const inner = createFetch({
      clock,
      fetch: async () => {
        sent++
        return new Response('down', { status: 503 })
      },
      retry: { budget: false },
    })
    const fetch = withFallback(inner, { '503': spare() })
    const outcome = fetch(url, { evenkeel: { priority: 'critical' } })
    await clock.runAll()
    expect([await (await outcome).text(), sent]).toEqual(['spare', 4])
    expect(errorCode(open)).toBe('CIRCUIT_OPEN')
  })
})
