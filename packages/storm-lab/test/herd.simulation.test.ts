import { describe, expect, it } from 'vitest'
import { backoffSockets, evenkeelSockets, type HerdOptions, runHerd } from '../src/index.ts'

/** A tenth of the incident's herd: at best, 99 % are back after 99 s. */
const herd: HerdOptions = { sockets: 5000, acceptsPerSecond: 50 }
const fullJitter = backoffSockets(
  (failures, random) => random() * Math.min(60_000, 1000 * 2 ** (failures - 1)),
)

describe('a herd of sockets', () => {
  it('never comes back through a deep queue with full jitter from 1 s to 60 s', () => {
    const { connectedRatio, t99Ms, wastedRatio, idealT99Ms } = runHerd(fullJitter, herd)
    expect(connectedRatio).toBeLessThan(0.12)
    expect(t99Ms).toBeNull()
    expect(wastedRatio).toBeGreaterThan(0.98)
    expect(idealT99Ms).toBe(99_000)
  })

  it.each([1001, 1012])('comes back with evenkeel, unaided, after a close of %i', (code) => {
    const report = runHerd(evenkeelSockets(), { ...herd, code })
    expect(report.t99Ms).toBeLessThan(600_000)
    expect(report.dialsPerSocket).toBeLessThan(3)
    expect(report.connected.at(-1)).toBe(5000)
  })

  it('comes back as fast as can be, each at its first dial, when the close says how wide to spread', () => {
    const report = runHerd(evenkeelSockets(), { ...herd, hint: true })
    expect(report.t99Ms).toBeLessThan(115_000)
    expect(report.dialsPerSocket).toBeLessThan(1.1)
    expect(report.wastedRatio).toBeLessThan(0.01)
    expect(report.peakDialsPerSecond).toBeLessThan(100)
  })

  it('comes back through a short queue, whether or not clients see what they are told', () => {
    for (const showsStatus of [false, true]) {
      const report = runHerd(evenkeelSockets(), { ...herd, acceptQueue: 100, showsStatus })
      expect(report.t99Ms).toBeLessThan(300_000)
      expect(report.t50Ms).toBeLessThan(report.t99Ms as number)
      expect(report.wastedRatio).toBe(0)
    }
    expect(runHerd(fullJitter, { ...herd, acceptQueue: 100 }).t99Ms).toBeLessThan(300_000)
  })

  it('stays away for good after a close that says so', () => {
    const { dialsPerSocket, connectedRatio } = runHerd(evenkeelSockets(), { ...herd, code: 1008 })
    expect([dialsPerSocket, connectedRatio]).toEqual([0, 0])
  })

  it('comes back otherwise by other rules, and the same by the same seed', () => {
    const options: HerdOptions = { ...herd, code: 1006, durationMs: 300_000 }
    const first = runHerd(evenkeelSockets(), options)
    expect(runHerd(evenkeelSockets(), options)).toEqual(first)
    expect(runHerd(evenkeelSockets(), { ...options, seed: 2 })).not.toEqual(first)
    const wide = runHerd(evenkeelSockets({ firstWindowMs: 100_000 }), options)
    expect(wide.peakDialsPerSecond).toBeLessThan(first.peakDialsPerSecond / 3)
  })

  it('is refused if it can’t be', () => {
    expect(() => runHerd(fullJitter, { sockets: 0 })).toThrow('herd: sockets must be')
  })
})
