import { describe, expect, it } from 'vitest'
import type { CallRecord } from '../src/fleet/call-record.ts'
import { callStats } from '../src/statistics/call-stats.ts'
import { peakAttemptsPerCall } from '../src/statistics/peak-attempts.ts'
import { quantile } from '../src/statistics/quantile.ts'
import { recoveredAtMs } from '../src/statistics/recovery.ts'

const call = (atMs: number, rest: Partial<CallRecord> = {}): CallRecord => ({
  atMs,
  durationMs: 100,
  attempts: 1,
  ok: true,
  ...rest,
})

/** A call a second from 0 to `endMs`, failing while `isDown`. */
const steady = (endMs: number, isDown: (atMs: number) => boolean) =>
  Array.from({ length: endMs / 1_000 }, (_, index) =>
    call(index * 1_000, { ok: !isDown(index * 1_000) }),
  )

describe('quantile', () => {
  it('takes the nearest rank of unsorted values', () => {
    const values = [40, 10, 30, 20]
    expect([0, 0.5, 0.75, 0.99, 1].map((ratio) => quantile(values, ratio))).toEqual([
      10, 20, 30, 40, 40,
    ])
  })

  it('has nothing to say of no values', () => {
    expect(quantile([], 0.5)).toBeUndefined()
  })
})

describe('callStats', () => {
  const records = [
    call(0, { durationMs: 10 }),
    call(5, { durationMs: 30, attempts: 3 }),
    call(9, { ok: false, attempts: 4, durationMs: 900 }),
    call(9, { ok: false, attempts: 0, durationMs: undefined }),
    call(10, { ok: false }),
  ]

  it('counts the calls that began within a span, and no others', () => {
    expect(callStats(records, { startMs: 0, endMs: 10 })).toEqual({
      calls: 4,
      attemptsPerCall: 2,
      successRatio: 0.5,
      heldBackRatio: 0.25,
      p50Ms: 10,
      p99Ms: 30,
    })
  })

  it('has no figures for an empty span', () => {
    expect(callStats(records, { startMs: 20, endMs: 30 })).toEqual({
      calls: 0,
      attemptsPerCall: undefined,
      successRatio: undefined,
      heldBackRatio: undefined,
      p50Ms: undefined,
      p99Ms: undefined,
    })
  })
})

describe('recoveredAtMs', () => {
  const span = { startMs: 0, endMs: 300_000 }

  it('is the start for what never was down', () => {
    expect(
      recoveredAtMs(
        steady(300_000, () => false),
        span,
      ),
    ).toBe(0)
  })

  it('is the moment from which calls succeed', () => {
    expect(
      recoveredAtMs(
        steady(300_000, (atMs) => atMs < 75_000),
        span,
      ),
    ).toBe(75_000)
  })

  it('waits for the last relapse to be over', () => {
    const isDown = (atMs: number) => atMs < 50_000 || (atMs >= 150_000 && atMs < 170_000)
    expect(recoveredAtMs(steady(300_000, isDown), span)).toBe(170_000)
  })

  it('is never for what is down at the end', () => {
    expect(
      recoveredAtMs(
        steady(300_000, (atMs) => atMs > 280_000),
        span,
      ),
    ).toBeUndefined()
    expect(recoveredAtMs([], span)).toBeUndefined()
  })
})

describe('peakAttemptsPerCall', () => {
  it('is that of the worst minute', () => {
    const records = [call(0), call(60_000), call(60_001), call(120_000)]
    const sent = [0, 60_000, 60_001, 60_002, 60_003, 119_999, 120_000]
    expect(peakAttemptsPerCall(records, sent, { startMs: 0, endMs: 180_000 })).toBe(2.5)
  })
})
