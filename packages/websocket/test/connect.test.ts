import { seededRandom } from '@evenkeel/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  advise,
  afterLoss,
  type ConnectRules,
  connectSucceeded,
  defaultCloseCodes,
  discordCloseCodes,
  graphqlWsCloseCodes,
  type Loss,
  newConnect,
  defaultConnectRules as rules,
} from '../src/index.ts'

const paid = () => true
const network: Loss = { code: 1006, reason: '', wasClean: false, phase: 'open', cause: 'network' }
const failed: Loss = { ...network, phase: 'connecting' }
const late: Loss = { ...failed, cause: 'timeout' }
const server = (code: number): Loss => ({ ...network, code, cause: 'server', wasClean: true })
const refused = (status: number, retryAfterMs?: number): Loss => ({
  ...failed,
  cause: 'handshake',
  status,
  retryAfterMs,
})

/** The least and the greatest wait that chance can give, after some losses. */
function window(losses: readonly Loss[], changes: Partial<ConnectRules> = {}, pay = paid) {
  return [0, 1].map((chance) => {
    const state = newConnect()
    const decisions = losses.map((loss) =>
      afterLoss(state, loss, { ...rules, ...changes }, 0, () => chance, pay),
    )
    return decisions.at(-1)?.delayMs
  })
}

/** Why it stops after the last of some losses. */
function stop(losses: readonly Loss[], changes: Partial<ConnectRules> = {}) {
  const state = newConnect()
  return losses
    .map((loss) => afterLoss(state, loss, { ...rules, ...changes }, 0, () => 0.5, paid).stop)
    .at(-1)
}

describe('the wait before a dial', () => {
  it.each<[string, readonly Loss[], number, number]>([
    ['a lone loss', [network], 0, 5000],
    ['a heartbeat that failed', [{ ...network, cause: 'heartbeat' }], 0, 5000],
    ['a close with 1000 by the server', [server(1000)], 0, 5000],
    ['a close without a code', [server(1005)], 0, 5000],
    ['a close with an unknown code', [server(4999)], 0, 5000],
    ['Going Away', [server(1001)], 0, 30_000],
    ['Service Restart', [server(1012)], 5000, 30_000],
    ['Try Again Later', [server(1013)], 30_000, 60_000],
    ['a loss and a failed dial', [network, failed], 2500, 20_000],
    ['a loss and two failed dials', [network, failed, failed], 7500, 30_000],
    ['a loss and many failed dials', [network, ...Array(20).fill(failed)], 7500, 30_000],
    ['a dial that hung', [network, late], 2500, 60_000],
    ['two dials that hung', [network, late, late], 30_000, 240_000],
    ['many dials that hung', [network, ...Array(9).fill(late)], 75_000, 300_000],
    ['a restart and a failed dial', [server(1012), failed], 15_000, 120_000],
    ['a handshake answered 503', [refused(503)], 0, 5000],
    ['a handshake answered 429 with 60 s', [refused(429, 60_000)], 60_000, 90_000],
    ['a handshake answered 503 with 1 s', [refused(503, 1000)], 1000, 6000],
    ['a wait of a year', [refused(503, 3e10)], 86_400_000, 86_430_000],
  ])('after %s', (_name, losses, fromMs, toMs) => {
    expect(window(losses)).toEqual([fromMs, toMs])
  })

  it('is spread as wide as the server advises, but not after a local cause', () => {
    const delays = [network, { ...network, cause: 'offline' } as const].map((loss) => {
      const state = newConnect()
      advise(state, { windowMs: 110_000 }, 0)
      return afterLoss(state, loss, rules, 0, () => 1, paid)
    })
    expect(delays).toEqual([
      { delayMs: 110_000, isHeld: true, isRefresh: false },
      { delayMs: 5000, isHeld: false, isRefresh: false },
    ])
  })

  it('keeps to a wait the server asked for earlier', () => {
    const state = newConnect()
    advise(state, { retryAfterMs: 40_000 }, 0)
    expect(afterLoss(state, network, rules, 10_000, () => 0, paid).delayMs).toBe(30_000)
    expect(afterLoss(state, failed, rules, 50_000, () => 0, paid).delayMs).toBe(2500)
  })

  it('is the longest there is when the budget does not pay', () => {
    expect(window([network, failed], {}, () => false)).toEqual([15_000, 30_000])
    expect(window([network, late], {}, () => false)).toEqual([150_000, 300_000])
  })

  it('does not ask the budget for the first dial after a loss', () => {
    expect(window([network], {}, () => false)).toEqual([0, 5000])
  })

  it('starts over after a stable connection, which forgets no advice', () => {
    const state = newConnect()
    advise(state, { windowMs: 7000 }, 0)
    for (const loss of [server(1012), late]) afterLoss(state, loss, rules, 0, () => 1, paid)
    connectSucceeded(state)
    expect(state).toEqual({ ...newConnect(), advisedMs: 7000, notBeforeMs: 0 })
  })
})

describe('the end of it', () => {
  it.each([1002, 1003, 1007, 1008, 1009, 1010, 3003])('comes with code %d', (code) => {
    expect(stop([server(code)])).toBe('closeCode')
  })

  it.each([1000, 1001, 1005, 1011, 1012, 1013, 1014, 3001, 4000, 4004])(
    'does not come with code %d',
    (code) => {
      expect(stop([server(code)])).toBeUndefined()
    },
  )

  it('comes when TLS fails', () => {
    expect(stop([{ ...failed, code: 1015 }])).toBe('closeCode')
  })

  it.each([
    [4004, discordCloseCodes, 'closeCode'],
    [4009, discordCloseCodes, undefined],
    [4400, graphqlWsCloseCodes, 'closeCode'],
    [1008, { 1008: 'retry' } as const, undefined],
  ])('comes with code %d as the given table says', (code, closeCodes, expected) => {
    expect(stop([server(code)], { closeCodes: { ...defaultCloseCodes, ...closeCodes } })).toBe(
      expected,
    )
  })

  it.each([
    [400, 'handshakeStatus'],
    [404, 'handshakeStatus'],
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [408, undefined],
    [425, undefined],
    [429, undefined],
    [500, undefined],
    [503, undefined],
    [301, undefined],
  ])('after a handshake answered %d: %s', (status, expected) => {
    expect(stop([refused(status)])).toBe(expected)
  })

  it.each([server(3000), refused(401)])('comes after one refresh of the credentials', (loss) => {
    const changes = { canRefresh: true }
    expect(stop([loss])).toBe('unauthorized')
    expect(stop([loss], changes)).toBeUndefined()
    expect(stop([loss, loss], changes)).toBe('unauthorized')
  })

  it('comes after maxRetries losses in a row', () => {
    expect(stop([network, failed], { maxRetries: 2 })).toBeUndefined()
    expect(stop([network, failed, failed], { maxRetries: 2 })).toBe('retriesExhausted')
    expect(stop([network], { maxRetries: 0 })).toBe('retriesExhausted')
  })

  it('comes when a socket without providers cannot be made', () => {
    const broken: Loss = { ...failed, cause: 'provider' }
    expect(stop([broken])).toBe('cannotDial')
    expect(stop([broken], { canRefresh: true })).toBeUndefined()
  })
})

it('never waits less than the server asked for, nor longer than its bounds', () => {
  const losses = [network, failed, late, server(1001), server(1012), server(1013), refused(503)]
  const anyLoss = fc.tuple(fc.constantFrom(...losses), fc.option(fc.nat(100_000)))
  fc.assert(
    fc.property(fc.array(anyLoss, { minLength: 1 }), fc.integer(), (given, seed) => {
      const state = newConnect()
      const random = seededRandom(seed)
      let nowMs = 0
      for (const [loss, hintMs] of given) {
        const retryAfterMs = hintMs ?? undefined
        const decision = afterLoss(state, { ...loss, retryAfterMs }, rules, nowMs, random, paid)
        expect(decision.delayMs).toBeGreaterThanOrEqual(retryAfterMs ?? 0)
        expect(decision.delayMs).toBeLessThanOrEqual(400_000)
        nowMs += decision.delayMs
      }
    }),
  )
})
