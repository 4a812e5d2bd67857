import { getEventListeners } from 'node:events'
import { hedge } from '@evenkeel/retry'
import { describe, expect, it } from 'vitest'
import { createFetch, peekJson } from '../src/index.ts'
import { failure, limited, url, world } from './world.ts'

/** A body whose end never comes, unless its request is aborted: as a connection that stalls. */
function stalled(init: RequestInit, start = '{"retry_after"'): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(start))
      init.signal?.addEventListener('abort', () => controller.error(init.signal?.reason))
    },
  })
}

const json = { 'content-type': 'application/json' }

describe('an abort', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a string', 'x'],
    ['an error', new Error('too late')],
    ['a number', 0],
  ])('for %s rejects with the reason that the platform makes of it', async (_, given) => {
    const platform = new AbortController()
    platform.abort(given)
    for (const whenMs of [0, 5]) {
      const { fetch, clock } = world(['never'])
      const controller = new AbortController()
      const { signal } = controller
      if (!whenMs) controller.abort(given)
      const error = failure(fetch(url, { signal }))
      await clock.advance(whenMs)
      controller.abort(given)
      expect(await error).toBe(signal.reason)
      expect(await error).toEqual(platform.signal.reason)
      expect(clock.pending).toBe(0)
      expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    }
  })

  it('in a wait between attempts ends the call at once, with its reason, and nothing follows', async () => {
    const { fetch, sent, clock, events } = world([503, 200])
    const controller = new AbortController()
    const { signal } = controller
    const error = failure(fetch(url, { signal }))
    await clock.advance(0)
    expect(events.at(-1)?.type).toBe('retryScheduled')
    const reason = new Error('the user left')
    controller.abort(reason)
    expect(await error).toBe(reason)
    expect(clock.pending).toBe(0)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    await clock.runAll()
    expect(sent).toHaveLength(1)
  })

  it('of the signal of all calls ends each of them, and leaves nothing on that of a caller', async () => {
    const all = new AbortController()
    const { fetch, sent, clock } = world(['never'], { signal: all.signal })
    const { signal } = new AbortController()
    const errors = [failure(fetch(url, { signal })), failure(fetch(url))]
    await clock.advance(5)
    all.abort('the app ends')
    expect(await Promise.all(errors)).toEqual(['the app ends', 'the app ends'])
    expect(await failure(fetch(url))).toBe('the app ends')
    expect([sent.length, clock.pending]).toEqual([2, 0])
    for (const each of [signal, all.signal])
      expect(getEventListeners(each, 'abort')).toHaveLength(0)
  })

  it('while held by a cooldown ends that call alone', async () => {
    const { fetch, sent, clock, events } = world([limited(429, { 'retry-after': '5' }), 200])
    await fetch(url, { method: 'POST' })
    const controller = new AbortController()
    const aborted = failure(fetch(url, { signal: controller.signal }))
    const other = fetch(url)
    await clock.advance(10)
    expect(events.filter(({ type }) => type === 'parked')).toHaveLength(2)
    controller.abort('gone')
    expect(await aborted).toBe('gone')
    await clock.runAll()
    expect((await other).status).toBe(200)
    expect(sent).toHaveLength(2)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })

  it('while the body of a 429 is looked into ends call and request', async () => {
    const { fetch, sent, clock } = world(
      [(init) => new Response(stalled(init), { status: 429, headers: json })],
      { readRetryAfterBody: peekJson },
    )
    const controller = new AbortController()
    const error = failure(fetch(url, { signal: controller.signal }))
    await clock.advance(10)
    controller.abort('enough')
    expect(await error).toBe('enough')
    await clock.runAll()
    expect(sent).toHaveLength(1)
    expect(sent[0]?.init.signal?.aborted).toBe(true)
    expect(clock.pending).toBe(0)
  })

  it('after the answer and its body changes nothing', async () => {
    const { fetch, sent, clock } = world([200])
    const controller = new AbortController()
    const response = await fetch(url, { signal: controller.signal })
    expect(await response.text()).toBe('200')
    controller.abort()
    await clock.runAll()
    expect(sent[0]?.init.signal?.aborted).toBe(false)
  })

  it('by a listener of the call’s own events is heard at once', async () => {
    for (const when of ['attemptStarted', 'attemptFailed', 'retryScheduled']) {
      const controller = new AbortController()
      const { fetch, sent, clock } = world([503, 200], {
        onEvent: ({ type }) => {
          if (type === when) controller.abort(when)
        },
      })
      const error = failure(fetch(url, { signal: controller.signal }))
      await clock.runAll()
      expect(await error).toBe(when)
      expect(sent).toHaveLength(1)
      expect(clock.pending).toBe(0)
    }
  })

  it('of one call leaves others of the same breaker alone', async () => {
    const { fetch, sent, clock } = world(['never', 'never', 200])
    const controller = new AbortController()
    const first = failure(fetch(url, { signal: controller.signal }))
    const second = failure(fetch(url, { method: 'POST', evenkeel: { attemptTimeoutMs: 900 } }))
    await clock.advance(10)
    controller.abort('first')
    expect(await first).toBe('first')
    expect(sent[1]?.init.signal?.aborted).toBe(false)
    await clock.advance(890)
    expect((await second).code).toBe('TIMEOUT')
  })

  it('ten times in a row is no outage', async () => {
    const { fetch } = world([...Array(10).fill('never'), 200])
    for (let call = 0; call < 10; call++) {
      const controller = new AbortController()
      const error = failure(fetch(url, { signal: controller.signal }))
      controller.abort('again')
      expect(await error).toBe('again')
    }
    expect((await fetch(url)).status).toBe(200)
  })

  it('is taken from a signal that is another realm’s, or a polyfill’s', async () => {
    class ForeignSignal extends EventTarget {
      aborted = false
      reason: unknown
    }
    const { fetch, sent, clock } = world(['never'])
    const signal = new ForeignSignal()
    const error = failure(fetch(url, { signal: signal as unknown as AbortSignal }))
    await clock.advance(5)
    signal.aborted = true
    signal.reason = 'elsewhere'
    signal.dispatchEvent(new Event('abort'))
    expect(await error).toBe('elsewhere')
    expect(sent[0]?.init.signal).toBeInstanceOf(AbortSignal)
    expect(sent[0]?.init.signal?.aborted).toBe(true)
    expect(clock.pending).toBe(0)
  })

  it('from any of several signals, or a time limit of the platform’s, keeps its reason', async () => {
    const { fetch, clock } = world(['never'])
    const controller = new AbortController()
    const signal = AbortSignal.any([new AbortController().signal, controller.signal])
    const error = failure(fetch(url, { signal }))
    await clock.advance(5)
    controller.abort(new DOMException('The operation timed out.', 'TimeoutError'))
    expect(await error).toBe(signal.reason)
    expect((await error).name).toBe('TimeoutError')
  })

  it('of 300 calls at once by one signal leaves no listener', async () => {
    const { fetch, clock } = world(['never'])
    const controller = new AbortController()
    const { signal } = controller
    const calls = Array.from({ length: 300 }, () => failure(fetch(url, { signal })))
    await clock.advance(1)
    expect(getEventListeners(signal, 'abort').length).toBeLessThanOrEqual(1)
    controller.abort('all')
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['all']))
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    expect(clock.pending).toBe(0)
  })

  it('reaches a second attempt as it does the first', async () => {
    const { fetch, sent, clock } = world([503, 'never'])
    const controller = new AbortController()
    const error = failure(fetch(url, { signal: controller.signal }))
    await clock.advance(2000)
    expect(sent).toHaveLength(2)
    controller.abort('now')
    expect(await error).toBe('now')
    expect(sent[1]?.init.signal?.aborted).toBe(true)
    expect(clock.pending).toBe(0)
  })
})

describe('hedged calls', () => {
  const quick = (clock: ReturnType<typeof world>['clock']) =>
    hedge({ delayMs: 100, budget: false, clock })

  it('send the body of a Request twice, take the first answer and cancel the other', async () => {
    const { clock } = world([200])
    const seen: string[] = []
    const aborted: unknown[] = []
    const fetch = createFetch({
      clock,
      hedge: quick(clock),
      fetch: async (input, init) => {
        seen.push(await (input as Request).text())
        if (seen.length === 2) return new Response('of the copy')
        return new Promise((_, reject) =>
          init?.signal?.addEventListener('abort', () => {
            aborted.push(init.signal?.reason)
            reject(init.signal?.reason)
          }),
        )
      },
    })
    const outcome = fetch(new Request(url, { method: 'PUT', body: 'bytes' }))
    await clock.advance(1)
    await clock.runAll()
    expect(await (await outcome).text()).toBe('of the copy')
    expect(seen).toEqual(['bytes', 'bytes'])
    expect(aborted).toMatchObject([{ code: 'HEDGE_LOST' }])
    expect(clock.pending).toBe(0)
  })

  it('release the answer of a copy that heeds no abort and comes too late', async () => {
    const answers: ((response: Response) => void)[] = []
    const { clock } = world([200])
    const fetch = createFetch({
      clock,
      hedge: quick(clock),
      fetch: () => new Promise((resolve) => answers.push(resolve)),
    })
    const outcome = fetch(url, { method: 'PUT', body: 'bytes' })
    await clock.advance(100)
    answers[1]?.(new Response('first'))
    expect(await (await outcome).text()).toBe('first')
    const late = new Response('late')
    answers[0]?.(late)
    await clock.runAll()
    expect(late.bodyUsed).toBe(true)
  })

  it('are not made of a POST, nor of a body that is a stream', async () => {
    for (const init of [
      { method: 'POST', body: 'x' },
      { method: 'PUT', body: new Blob(['x']).stream(), duplex: 'half' },
    ]) {
      const { clock } = world([200])
      let sent = 0
      let answer: (response: Response) => void = () => {}
      const fetch = createFetch({
        clock,
        hedge: quick(clock),
        fetch: () => {
          sent++
          return new Promise((resolve) => (answer = resolve))
        },
      })
      const outcome = fetch(url, init as RequestInit)
      await clock.advance(5000)
      answer(new Response('ok'))
      await outcome
      expect(sent).toBe(1)
    }
  })
})

describe('soft timeouts', () => {
  it('settle once when the answer comes in the same tick, 400 times', async () => {
    const unhandled: unknown[] = []
    const note = (error: unknown): unknown => unhandled.push(error)
    process.on('unhandledRejection', note)
    for (let round = 0; round < 400; round++) {
      const { clock } = world([200])
      const ends = { answered: 0, soft: 0, failed: 0 }
      const fetch = createFetch({
        clock,
        softTimeoutMs: 100,
        retry: false,
        fetch: () =>
          new Promise((resolve, reject) => {
            // Before and after the timer in turn, and one answer in four is a failure.
            const atMs = round % 2 ? 100 : 99.999
            clock.scheduleAt(atMs, () =>
              round % 4 === 3 ? reject(new Error('broken')) : resolve(new Response('x')),
            )
          }),
      })
      const outcome = fetch(url).then(
        () => ends.answered++,
        ({ code }) => (code === 'SOFT_TIMEOUT' ? ends.soft++ : ends.failed++),
      )
      await clock.runAll()
      await outcome
      expect(ends.answered + ends.soft + ends.failed).toBe(1)
      expect(clock.pending).toBe(0)
    }
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
  })

  it('let the call be aborted afterwards, and hand its reason on', async () => {
    const { fetch, sent, clock } = world(['never'], { softTimeoutMs: 100 })
    const controller = new AbortController()
    const soft = failure(fetch(url, { signal: controller.signal }))
    await clock.advance(100)
    const { late } = (await soft) as unknown as { late: Promise<Response> }
    controller.abort('given up')
    expect(await failure(late)).toBe('given up')
    expect(sent[0]?.init.signal?.aborted).toBe(true)
    expect(clock.pending).toBe(0)
  })

  it('do not come after an answer, a failure or an abort', async () => {
    const { fetch, clock } = world([200, 404, 'never'], { softTimeoutMs: 100 })
    expect((await fetch(url)).status).toBe(200)
    expect((await fetch(url)).status).toBe(404)
    const controller = new AbortController()
    const error = failure(fetch(url, { signal: controller.signal }))
    controller.abort('x')
    expect(await error).toBe('x')
    await clock.advance(0)
    expect(clock.pending).toBe(0)
  })
})

describe('hard timeouts', () => {
  it('settle once when the answer comes in the same tick, 400 times', async () => {
    const unhandled: unknown[] = []
    const note = (error: unknown): unknown => unhandled.push(error)
    process.on('unhandledRejection', note)
    const outcomes = new Set<string>()
    for (let round = 0; round < 400; round++) {
      const { clock } = world([200])
      let settled = 0
      const answer = new Response('x')
      const fetch = createFetch({
        clock,
        attemptTimeoutMs: 100,
        retry: false,
        fetch: () => {
          // Scheduled before the limit's timer, so that it comes first at the same instant; or after it.
          const early = round % 2 === 0
          return new Promise((resolve) => {
            if (early) clock.scheduleAt(100, () => resolve(answer))
            else Promise.resolve().then(() => clock.scheduleAt(100, () => resolve(answer)))
          })
        },
      })
      const outcome = fetch(url).then(
        () => {
          settled++
          outcomes.add('answered')
        },
        ({ code }) => {
          settled++
          outcomes.add(code)
        },
      )
      await clock.runAll()
      await outcome
      expect(settled).toBe(1)
      expect(clock.pending).toBe(0)
      if (round % 2) expect(answer.bodyUsed).toBe(true)
    }
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
    expect([...outcomes].sort()).toEqual(['TIMEOUT', 'answered'])
  })

  it('of 400 ms hold for each attempt: one that hangs after a 503 ends as well', async () => {
    const { fetch, sent, clock } = world([503, 'never'], {
      attemptTimeoutMs: 400,
      retry: { maxRetries: 1 },
    })
    const error = failure(fetch(url))
    await clock.runAll()
    expect((await error).code).toBe('TIMEOUT')
    expect(sent).toHaveLength(2)
    expect(clock.now()).toBe((sent[1]?.atMs as number) + 400)
  })

  it('end a 429 whose body stalls while it is looked into, and its request with it', async () => {
    const { fetch, sent, clock } = world(
      [(init) => new Response(stalled(init), { status: 429, headers: json })],
      { readRetryAfterBody: peekJson, attemptTimeoutMs: 400, retry: false },
    )
    const error = failure(fetch(url))
    await clock.advance(400)
    expect((await error).code).toBe('TIMEOUT')
    expect(sent[0]?.init.signal?.aborted).toBe(true)
    expect(clock.pending).toBe(0)
  })
})
