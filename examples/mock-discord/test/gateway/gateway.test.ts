import { describe, expect, it } from 'vitest'
import { presets } from '../../src/backend/presets.ts'
import { VirtualScheduler } from '../../src/backend/virtual-scheduler.ts'
import { AdaptiveQuota, type BackendSignal } from '../../src/gateway/adaptive-quota.ts'
import { Gateway } from '../../src/gateway/gateway.ts'
import {
  type GatewayOptions,
  type GatewayPatch,
  readGatewayPatch,
} from '../../src/gateway/gateway-options.ts'
import type { Outcome } from '../../src/machinery.ts'
import type { ApiReply, ApiRequest } from '../../src/stage.ts'
import { apiRequest } from '../api-request.ts'

function world(patch: GatewayPatch = {}) {
  const scheduler = new VirtualScheduler()
  const backend = { drainMs: 0, queued: 0, isBeyondKnee: false }
  const gateway = new Gateway(
    scheduler,
    presets.legacy.gateway,
    () => backend,
    () => 0.5,
  )
  gateway.configure({ rejectMs: 0, maxPerSecond: Number.POSITIVE_INFINITY, ...patch })
  const send = (changes?: Partial<ApiRequest>) =>
    gateway.take(apiRequest(changes)) as ApiReply | undefined
  const passed = (times: number, changes?: Partial<ApiRequest>) => {
    let count = 0
    for (let index = 0; index < times; index++) if (!send(changes)) count++
    return count
  }
  return { scheduler, backend, gateway, send, passed }
}

describe('a fixed limit', () => {
  it('lets the incident’s 5,000 messages and 3,000 voice requests a minute through', () => {
    const { scheduler, gateway, passed } = world({ mode: 'fixed' })
    expect(passed(6_000)).toBe(5_000)
    expect(passed(4_000, { service: 'voice' })).toBe(3_000)
    expect(passed(10_000, { service: 'files' })).toBe(10_000)
    expect(gateway.status.limited).toMatchObject({ messages: 1_000, voice: 1_000, files: 0 })
    scheduler.advance(60_000)
    expect(passed(6_000)).toBe(5_000)
  })

  it('says when the window ends, the same to everybody', () => {
    const { scheduler, send } = world({ mode: 'fixed', limits: { messages: 1 } })
    send()
    scheduler.advance(48_500)
    expect(send()?.headers['retry-after']).toBe('12')
  })

  it('refills evenly as a token bucket, and says when the next token comes', () => {
    const { scheduler, send, passed } = world({
      mode: 'fixed',
      algorithm: 'token-bucket',
      limits: { messages: 60 },
    })
    expect(passed(100)).toBe(60)
    expect(send()?.headers['retry-after']).toBe('1')
    scheduler.advance(10_000)
    expect(passed(100)).toBe(10)
  })

  it('counts each client apart when told to', () => {
    const { passed } = world({ mode: 'fixed', scope: 'client', limits: { messages: 3 } })
    expect(passed(10, { client: 'mobile-1' })).toBe(3)
    expect(passed(10, { client: 'mobile-2' })).toBe(3)
  })

  it.each(['fixed-window', 'token-bucket'] as const)(
    'of none lets nothing through by %s',
    (algorithm) => {
      const { scheduler, send, passed } = world({
        mode: 'fixed',
        algorithm,
        limits: { messages: 0 },
      })
      expect(passed(5)).toBe(0)
      expect(send()?.headers['retry-after']).toBe('60')
      scheduler.advance(600_000)
      expect(passed(5)).toBe(0)
    },
  )

  it('can be raised while it counts', () => {
    const { gateway, passed } = world({ mode: 'fixed', limits: { messages: 10 } })
    passed(10)
    gateway.configure({ limits: { messages: 30 } })
    expect(passed(30)).toBe(20)
  })

  it('remembers a bounded number of clients', () => {
    const { passed, send } = world({
      mode: 'fixed',
      scope: 'client',
      algorithm: 'token-bucket',
      limits: { messages: 1 },
    })
    expect(passed(1, { client: 'first' })).toBe(1)
    for (let index = 0; index < 10_000; index++) send({ client: `mobile-${index}` })
    expect(passed(1, { client: 'first' })).toBe(1)
  })
})

describe('a 429 of the gateway', () => {
  const form = (headers: GatewayOptions['headers']) => {
    const { send } = world({ mode: 'fixed', limits: { messages: 0 }, headers })
    return send()
  }

  it('may say nothing', () => {
    expect(form('none')).toMatchObject({
      status: 429,
      headers: { 'content-type': 'application/json' },
    })
    expect(Object.keys(form('none')?.headers ?? {})).toEqual(['content-type'])
  })

  it('may have the fields of draft-ietf-httpapi-ratelimit-headers-10', () => {
    expect(form('ratelimit')?.headers).toEqual({
      'content-type': 'application/json',
      'ratelimit-policy': '"messages";q=0;w=60',
      ratelimit: '"messages";r=0;t=60',
    })
  })

  it('may have Discord’s form', () => {
    expect(form('discord')?.headers).toMatchObject({
      'retry-after': '60',
      'x-ratelimit-global': 'true',
      'x-ratelimit-scope': 'global',
    })
  })

  it('takes its time when told to', async () => {
    const { scheduler, gateway } = world({
      mode: 'fixed',
      limits: { messages: 0 },
      rejectMs: 30_200,
    })
    const pending = gateway.take(apiRequest())
    expect(pending).toBeInstanceOf(Promise)
    scheduler.advance(30_200)
    expect(await pending).toMatchObject({ status: 429 })
  })
})

describe('the gateway', () => {
  it('lets everything through when it is off', () => {
    expect(world({ mode: 'off' }).passed(100_000)).toBe(100_000)
  })

  it('answers 503 to more than it can take in', () => {
    const { scheduler, gateway, send, passed } = world({ maxPerSecond: 100 })
    expect(passed(150)).toBe(100)
    expect(send()).toMatchObject({ status: 503 })
    expect(gateway.status.overrun).toBe(51)
    scheduler.advance(500)
    expect(passed(100)).toBe(50)
  })
})

describe('an adaptive quota', () => {
  const adaptive = presets.legacy.gateway.adaptive
  const calm: BackendSignal = { drainMs: 0, queued: 0, isBeyondKnee: false }

  it('falls by a ratio from what was admitted while the backend is overloaded, not below its minimum', () => {
    const quota = new AdaptiveQuota(adaptive, 0)
    for (let index = 0; index < 1_000; index++) quota.count(true)
    quota.follow(adaptive, () => ({ ...calm, drainMs: 201, isBeyondKnee: false }), 1_000)
    expect(quota.perSecond).toBe(800)
    for (let second = 2; second < 60; second++) {
      quota.follow(adaptive, () => ({ ...calm, isBeyondKnee: true }), second * 1_000)
    }
    expect(quota.perSecond).toBe(15)
  })

  it('rises by a step while it is used, not above its maximum', () => {
    const quota = new AdaptiveQuota({ ...adaptive, startPerSecond: 100 }, 0)
    quota.count(false)
    quota.follow(adaptive, () => calm, 1_000)
    expect(quota.perSecond).toBe(115)
    for (let second = 2; second < 200; second++) {
      quota.count(false)
      quota.follow(adaptive, () => calm, second * 1_000)
    }
    expect(quota.perSecond).toBe(1_429)
  })

  it('stays while nobody uses it, and within an interval', () => {
    const quota = new AdaptiveQuota({ ...adaptive, startPerSecond: 100 }, 0)
    quota.count(false)
    quota.follow(adaptive, () => calm, 999)
    expect(quota.perSecond).toBe(100)
    const unused = new AdaptiveQuota({ ...adaptive, startPerSecond: 100 }, 0)
    unused.follow(adaptive, () => calm, 5_000)
    expect(unused.perSecond).toBe(100)
  })

  it('turns the less urgent away first', () => {
    const { passed } = world({ mode: 'adaptive', adaptive: { startPerSecond: 100 } })
    expect(passed(100, { priority: 'deferred' })).toBe(70)
    expect(passed(100, { priority: 'important' })).toBe(20)
    expect(passed(100, { priority: 'critical' })).toBe(10)
  })

  it('follows the backend through the gateway', () => {
    const { scheduler, backend, gateway, passed } = world({
      mode: 'adaptive',
      adaptive: { startPerSecond: 1_000 },
    })
    passed(1_000)
    backend.isBeyondKnee = true
    scheduler.advance(1_000)
    passed(1)
    expect(gateway.status.quotas.messages).toBe(800)
    gateway.configure({ adaptive: { startPerSecond: 50 } })
    expect(gateway.status.quotas).toEqual({})
    passed(1)
    expect(gateway.status.quotas.messages).toBe(50)
  })
})

describe('the limit on what waits behind the gateway', () => {
  it('sheds the least urgent first, and says when it is worth coming back', () => {
    const { backend, gateway, send } = world({ queueLimit: 1_000 })
    const statuses = (queued: number) => {
      backend.queued = queued
      return (['critical', 'important', 'deferred'] as const).map(
        (priority) => send({ priority })?.status ?? 200,
      )
    }
    expect(statuses(499)).toEqual([200, 200, 200])
    expect(statuses(500)).toEqual([200, 200, 503])
    expect(statuses(800)).toEqual([200, 503, 503])
    expect(statuses(1_000)).toEqual([503, 503, 503])
    expect(gateway.status.shed).toEqual({ critical: 1, important: 2, deferred: 3 })
    backend.drainMs = 4_200
    expect(send()?.headers['retry-after']).toBe('5')
    gateway.configure({ headers: 'none' })
    expect(send()?.headers).not.toHaveProperty('retry-after')
  })

  it('of none refuses only while somebody waits', () => {
    const { backend, send } = world({ queueLimit: 0 })
    expect(send()).toBeUndefined()
    backend.queued = 1
    expect(send()).toMatchObject({ status: 503 })
  })
})

describe('a reply of the gateway', () => {
  it('carries the fields of the draft, whatever it is, and Retry-After besides when it refuses', () => {
    const { gateway } = world({ mode: 'fixed', limits: { messages: 2 }, headers: 'backpressure' })
    const fields = () => {
      const request = apiRequest()
      const refusal = gateway.take(request) as ApiReply | undefined
      return { ...gateway.fields(request), ...refusal?.headers }
    }
    const policy = '"messages";q=2;w=60'
    expect(fields()).toEqual({ 'ratelimit-policy': policy, ratelimit: '"messages";r=1;t=60' })
    fields()
    expect(fields()).toMatchObject({
      'ratelimit-policy': policy,
      ratelimit: '"messages";r=0;t=60',
      'retry-after': '60',
    })
  })
})

describe('a window that is no whole number of seconds', () => {
  it.each([
    [100, '"messages";q=100;w=1', '"messages";r=90;t=1'],
    [1_500, '"messages";q=13;w=2', '"messages";r=12;t=2'],
  ])('of %d ms is told as what comes to the same in whole ones', (windowMs, policy, left) => {
    const { gateway } = world({
      mode: 'fixed',
      limits: { messages: 10 },
      windowMs,
      headers: 'ratelimit',
    })
    const request = apiRequest()
    gateway.take(request)
    expect(gateway.fields(request)).toEqual({ 'ratelimit-policy': policy, ratelimit: left })
  })
})

describe('the gateway’s breakers', () => {
  const breaker = { enabled: true, minRequests: 4, openMs: 1_000, windowMs: 10_000, rampMs: 0 }
  function broken(patch: GatewayPatch['breaker'] = {}) {
    const all = world({ breaker: { ...breaker, ...patch } })
    const { gateway } = all
    /** Sends one request, and has it end like this if it gets through. */
    const end = (outcome: Partial<Outcome>, changes: Partial<ApiRequest> = {}) => {
      const request = apiRequest({ service: 'voice', ...changes })
      const refusal = gateway.take(request) as ApiReply | undefined
      if (!refusal)
        gateway.ended(request, { by: 'backend', status: 503, durationMs: 1, ...outcome })
      return refusal?.status ?? 'called'
    }
    const times = (count: number, outcome: Partial<Outcome> = {}) =>
      Array.from({ length: count }, () => end(outcome))
    return { ...all, end, times }
  }

  it('stop calling a service that fails, and it alone', () => {
    const { gateway, end, times } = broken()
    expect(times(6)).toEqual(['called', 'called', 'called', 'called', 503, 503])
    expect(end({ status: 200 }, { service: 'messages' })).toBe('called')
    expect(gateway.status.breakers).toMatchObject({
      voice: { state: 'open', opensForMs: 1_000, refused: 2 },
      messages: { state: 'closed', refused: 0 },
    })
  })

  it('try it again after a while with a few, and close when one is served', () => {
    const { scheduler, gateway, send, end, times } = broken({ probes: 2 })
    times(4)
    expect(send({ service: 'voice' })?.headers['retry-after']).toBe('1')
    scheduler.advance(1_000)
    expect(gateway.status.breakers.voice?.state).toBe('half-open')
    expect(send({ service: 'voice' })).toBeUndefined()
    expect(end({ by: 'route', status: 200 })).toBe('called')
    expect(gateway.status.breakers.voice?.state).toBe('closed')
    expect(times(3, { by: 'route', status: 200 })).toEqual(['called', 'called', 'called'])
  })

  it('open again, for longer, when the first that tries it fails', () => {
    const { scheduler, gateway, times } = broken()
    times(4)
    scheduler.advance(1_000)
    expect(times(2)).toEqual(['called', 503])
    expect(gateway.status.breakers.voice?.opensForMs).toBe(2_000)
  })

  it.each<[string, Partial<Outcome>]>([
    ['an answer that took too long', { by: 'route', status: 200, durationMs: 6_000 }],
    ['a client that waited in vain', { by: 'route', status: 'gone', durationMs: 6_000 }],
    ['a cut connection', { by: 'route', status: 'dropped' }],
    ['a 504', { status: 504 }],
  ])('count %s as a failure', (_, outcome) => {
    expect(broken().times(5, outcome).at(-1)).toBe(503)
  })

  it.each<[string, Partial<Outcome>]>([
    ['a client that left at once', { by: 'route', status: 'gone' }],
    ['a limit of the client’s own', { by: 'limits', status: 429 }],
    ['a request that was wrong', { by: 'route', status: 404 }],
  ])('do not count %s', (_, outcome) => {
    expect(broken().times(20, outcome).at(-1)).toBe('called')
  })

  it('refuse options that do not go together, and go on as they were', () => {
    const { gateway, times } = broken()
    expect(() => gateway.configure({ mode: 'fixed', breaker: { maxOpenMs: 1 } })).toThrow(
      'maxOpenMs must be ≥ openMs (1000), got 1',
    )
    expect(gateway.options).toMatchObject({ mode: 'off', breaker: { maxOpenMs: 30_000 } })
    expect(times(5).at(-1)).toBe(503)
    gateway.configure({ breaker: { enabled: false } })
    expect(times(5).at(-1)).toBe('called')
  })
})

describe('a change to the gateway, as read from JSON', () => {
  it('takes null for no limit', () => {
    expect(readGatewayPatch({ limits: { voice: null } }, 'gateway')).toEqual({
      limits: { voice: Number.POSITIVE_INFINITY },
    })
  })

  it.each([
    [{ mode: 'auto' }, "gateway: mode must be 'off' | 'fixed' | 'adaptive', got \"auto\""],
    [{ limits: { images: 1 } }, 'gateway: limits has no images'],
    [{ windowMs: 0 }, 'gateway: windowMs must be a number > 0, got 0'],
    [
      { adaptive: { decreaseRatio: 1 } },
      'gateway: adaptive: decreaseRatio must be a number from 0.01 to 0.99, got 1',
    ],
  ])('%j is refused', (patch, message) => {
    expect(() => readGatewayPatch(patch, 'gateway')).toThrow(message)
  })
})
