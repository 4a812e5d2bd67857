import { affordsRetry, decide, earnTokens, fullJitter } from '@evenkeel/retry'
import { describe, expect, it } from 'vitest'
import { Pool } from '../../src/backend/pool.ts'
import { presets } from '../../src/backend/presets.ts'
import { scaled } from '../../src/backend/scaled.ts'
import { type Random, seededRandom } from '../../src/backend/seeded-random.ts'
import { VirtualScheduler } from '../../src/backend/virtual-scheduler.ts'
import { patientClient } from './clients.ts'

interface Fleet {
  /** Calls a second that one client makes on a normal day. */
  readonly callsPerSecond: number
  /** What earns a tenth of a token. */
  readonly earnsBy?: 'success' | 'call'
  /** The share of requests that a broken part of the server refuses. */
  readonly brokenShare?: number
  /** How much more than normal is asked for during the fifteen minutes that are watched. */
  readonly load?: number
}

/** Runs the default retry policy's pure cores, a client's tokens in a typed array, against the legacy backend. */
function run({ callsPerSecond, earnsBy = 'success', brokenShare = 0, load = 10 }: Fleet) {
  const { backend, baseRate } = scaled(presets.legacy, { rate: 20, time: 1 })
  const scheduler = new VirtualScheduler()
  const random: Random = seededRandom(1)
  const pool = new Pool(scheduler, seededRandom(2), backend.database)
  const clients = Math.ceil(baseRate / callsPerSecond)
  const tokens = new Float64Array(clients).fill(1)
  const rules = { backoff: fullJitter(), maxRetryAfterMs: 300_000, random }
  const count = { calls: 0, attempts: 0, served: 0 }
  let isWatched = false

  function attempt(client: number, number: number, endAtMs: number, counts: boolean): void {
    if (counts) count.attempts++
    const settle = (isServed: boolean): void => {
      if (isServed) {
        if (earnsBy === 'success') tokens[client] = earnTokens(tokens[client] as number, 0.1, 1)
        if (counts) count.served++
        return
      }
      const { reason, delayMs } = decide(
        {
          error: undefined,
          retryable: true,
          idempotent: true,
          reached: 'yes',
          retry: number,
          retriesLeft: 4 - number,
          hintMs: undefined,
          previousDelayMs: undefined,
          leftMs: endAtMs - scheduler.now(),
        },
        rules,
        () => {
          const isPaid = affordsRetry(tokens[client] as number, 0.25, random)
          if (isPaid) tokens[client] = (tokens[client] as number) - 0.25
          return isPaid
        },
      )
      if (!reason) scheduler.schedule(() => attempt(client, number + 1, endAtMs, counts), delayMs)
    }
    if (random() < brokenShare) settle(false)
    else
      pool.submit({
        priority: 'important',
        cost: 1,
        client: patientClient,
        settle: (outcome) => settle(outcome === 'done'),
      })
  }

  let rate = baseRate
  function arrive(): void {
    const client = Math.floor(random() * clients)
    if (earnsBy === 'call') tokens[client] = earnTokens(tokens[client] as number, 0.1, 1)
    if (isWatched) count.calls++
    attempt(client, 1, scheduler.now() + 120_000, isWatched)
    scheduler.schedule(arrive, (-1000 * Math.log(1 - random())) / rate)
  }
  arrive()
  scheduler.advance(60_000)
  rate = baseRate * load
  scheduler.advance(300_000)
  isWatched = true
  scheduler.advance(900_000)
  isWatched = false
  scheduler.advance(300_000)
  return { attemptsPerCall: count.attempts / count.calls, success: count.served / count.calls }
}

describe.each([1, 0.1, 0.02, 0.004])(
  'a fleet of clients that make %d calls a second',
  (callsPerSecond) => {
    it('makes hardly more attempts than calls in a tenfold spike', () => {
      expect(run({ callsPerSecond }).attemptsPerCall).toBeLessThan(1.1)
    })

    it('would make 1.4 if every call earned, rather than every success', () => {
      const { attemptsPerCall } = run({ callsPerSecond, earnsBy: 'call' })
      expect(attemptsPerCall).toBeGreaterThan(1.3)
      expect(attemptsPerCall).toBeLessThan(1.5)
    })

    it('still mends a partial outage that refuses a fifth of the requests', () => {
      const { success } = run({ callsPerSecond, brokenShare: 0.2, load: 1 })
      expect(success).toBeGreaterThan(0.99)
    })
  },
)
