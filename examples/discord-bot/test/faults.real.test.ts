import { seededRandom } from '@evenkeel/core/testing'
import type { FaultRule, Incident, SocketAction } from '@evenkeel/mock-discord'
import { expect, it } from 'vitest'
import { botWorld, ofBot, online, until } from './bot-world.ts'

const socket =
  (action: SocketAction) =>
  ({ gateway }: Incident): void =>
    void gateway.act(action)

const rest =
  (fault: FaultRule['fault'], count: number) =>
  ({ machinery }: Incident): void =>
    machinery.act({ fault: { fault, match: ofBot, count } })

const faults = [
  socket({ kind: 'drop' }),
  socket({ kind: 'reconnect' }),
  socket({ kind: 'invalidate', resumable: true }),
  socket({ kind: 'invalidate', resumable: false }),
  socket({ kind: 'half-open' }),
  socket({ kind: 'stop-acks' }),
  socket({ kind: 'restart', downMs: 400 }),
  socket({ kind: 'restart', downMs: 200, sessions: 'lose' }),
  socket({ kind: 'close', code: 4000 }),
  ({ gateway }: Incident): void => {
    gateway.act({ kind: 'handshakes', fault: { kind: 'refuse', status: 429, count: 2 } })
    gateway.act({ kind: 'drop' })
  },
  rest({ kind: 'status', status: 503 }, 3),
  rest({ kind: 'rate-limit', retryAfterMs: 1000 }, 2),
  rest({ kind: 'drop', when: 'before' }, 2),
  rest({ kind: 'drop', when: 'after' }, 2),
  rest({ kind: 'truncate', keepBytes: 10 }, 1),
]

/** Every fault at least once, in an order of chance, and so many more. */
function ordered(seed: number, more: number) {
  const random = seededRandom(seed)
  const any = () => Math.floor(random() * faults.length)
  const order = [...faults.keys()]
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    ;[order[at], order[other]] = [order[other] as number, order[at] as number]
  }
  return [...order, ...Array.from({ length: more }, any)]
}

it.each([1, 2])(
  'answers every command exactly once through 25 faults (seed %d)',
  {
    timeout: 600_000,
  },
  async (seed) => {
    const { bot, mock, say, answers } = await botWorld({ heartbeatGraceMs: 600_000 })
    await online(bot)
    const asked: { readonly id: string; readonly text: string }[] = []
    const ask = async (text: string): Promise<void> => {
      asked.push({ id: (await say(`!echo ${text}`)).id, text })
    }
    const order = ordered(seed, 10)
    for (const [round, fault] of order.entries()) {
      // One is on its way, one is asked in the midst of it, and one comes right after.
      await ask(`${round} before`)
      faults[fault]?.(mock)
      await Promise.all([ask(`${round} during`), ask(`${round} too`)])
      await until(() => asked.every(({ id }) => answers(id).length > 0))
      mock.gateway.act({ kind: 'heal' })
      mock.machinery.act({ clearFaults: true })
    }
    await until(() => bot.status.pendingReplies === 0)
    expect(asked).toHaveLength(75)
    expect(asked.map(({ id }) => answers(id))).toEqual(asked.map(({ text }) => [text]))
    const { started, resumed } = bot.status.sessions
    expect(started + resumed).toBeGreaterThan(10)
  },
)
