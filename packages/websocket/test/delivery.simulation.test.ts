import { describe, expect, it } from 'vitest'
import { world } from './world.ts'

describe('200,000 messages without a connection', () => {
  it('wait as far as there is room, and the rest is refused', async () => {
    const w = world()
    let refused = 0
    const all = Array.from({ length: 200_000 }, () => w.socket.send('x').catch(() => refused++))
    expect(w.socket.queuedMessages).toBe(1000)
    await w.accept()
    await Promise.all(all)
    expect([refused, w.inner.sent.length]).toEqual([199_000, 1000])
    expect(w.events('undelivered')).toHaveLength(199_000)
  })
})
