import { seededRandom } from '@evenkeel/core/testing'
import { describe, expect, it } from 'vitest'
import { pair } from './ack-pair.ts'

describe.each([1, 2, 3])('10,000 numbered messages under faults, seed %i', (seed) => {
  it('arrive once and in order, both ways', async () => {
    const random = seededRandom(seed)
    const p = pair({
      chance: random,
      server: { heartbeatMs: 2000, maxPending: 5000 },
      socket: { queue: { maxMessages: 20_000, maxBytes: 1e7, ttlMs: 1e9 } },
    })
    const undelivered = p.heard('undelivered')
    await p.clock.advance(500)
    const { session } = p
    const count = 5000
    let faults = 0
    for (let i = 0; i < count; i++) {
      p.socket.send(`up ${i}`)
      session.send(`down ${i}`)
      await p.clock.advance(Math.floor(random() * 40))
      const dice = random()
      if (dice < 0.03) p.network.cut()
      else if (dice < 0.035) p.network.stall()
      else if (dice < 0.045) for (const { server } of p.network.lines) server.close(1012)
      else if (dice < 0.05) {
        p.network.isUp = false
        p.network.cut()
      } else if (dice > 0.99) p.network.isUp = true
      if (dice < 0.05) faults++
    }
    p.network.isUp = true
    await p.clock.advance(600_000)
    const expected = (way: string) => Array.from({ length: count }, (_, i) => `${way} ${i}`)
    expect(faults).toBeGreaterThanOrEqual(200)
    expect(p.atServer).toEqual(expected('up'))
    expect(p.atClient).toEqual(expected('down'))
    expect(undelivered).toEqual([])
    p.socket.close()
    await p.clock.advance(10_000)
    p.server.close()
    expect(p.clock.pending).toBe(0)
  })
})
