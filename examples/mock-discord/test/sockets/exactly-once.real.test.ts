import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/backend/seeded-random.ts'
import type { SocketAction } from '../../src/sockets/socket-action.ts'
import { bot, numbersOf, range } from './bot.ts'
import { until } from './until.ts'

const faults: readonly SocketAction[] = [
  { kind: 'drop' },
  { kind: 'reconnect' },
  { kind: 'restart' },
  { kind: 'close', code: 4000 },
  { kind: 'half-open' },
]

describe('a session under many faults', () => {
  it('loses and doubles none of 2,000 numbered messages on its way to discord.js', async () => {
    const { mock, raws } = await bot({
      // Overdue at once, so that a half-open connection costs little time.
      sockets: { heartbeatIntervalMs: 400, heartbeatGraceMs: 100, maxReplay: 5_000 },
    })
    const random = seededRandom(7)
    for (let round = 0; round < 12; round++) {
      const { resumes } = mock.gateway.status
      mock.gateway.act({ kind: 'inject', count: 100 })
      // What is on its way when it is told op 9 or 7, discord.js may see twice: that race is its own.
      await until(() => mock.gateway.sessions[0]?.seq === raws.at(-1)?.s)
      mock.gateway.act(faults[Math.floor(random() * faults.length)] ?? { kind: 'drop' })
      mock.gateway.act({ kind: 'inject', count: 60 })
      await until(() => mock.gateway.status.resumes > resumes)
    }
    mock.gateway.act({ kind: 'inject', count: 80 })
    await until(() => numbersOf(raws).length >= 2_000)
    expect(numbersOf(raws)).toEqual(range(1, 2_000))
    expect(mock.gateway.sessions.map(({ numbers }) => numbers)).toEqual([[[1, 2_000]]])
    expect(mock.gateway.status.identifies).toBe(1)
  })
})
