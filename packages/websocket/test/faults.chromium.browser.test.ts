import { expect, inject, test } from 'vitest'
import { discordGateway } from '../src/discord.ts'
import { resilientSocket } from '../src/index.ts'
import { ackRun } from './ack-run.ts'
import { arrivals, arrivalsTimeoutMs } from './arrivals.ts'

test(
  '10,000 numbered messages over 200 faults are neither lost nor doubled by the ack protocol',
  async () => {
    const { origin, messages } = inject('ackFaults')
    await ackRun(origin, messages)
  },
  arrivalsTimeoutMs,
)

test(
  '10,000 numbered messages over 200 faults are neither lost nor doubled by a gateway session',
  async () => {
    const { origin, messages } = inject('gatewayFaults')
    const socket = resilientSocket(origin.replace('http', 'ws'), {
      reconnect: {
        firstWindowMs: 20,
        minDelayMs: 5,
        maxDelayMs: 40,
        herdWindowMs: 40,
        maxHerdDelayMs: 80,
        minUptimeMs: 0,
        closeCodes: { 1001: 'retry', 1012: 'retry' },
        whileHidden: true,
      },
      session: discordGateway({ token: 'token', intents: (1 << 9) | (1 << 15) }),
    })
    const numbers: number[] = []
    const lost: unknown[] = []
    socket.on('sessionLost', (event) => lost.push(event))
    socket.on('message', ({ data }) => {
      const { t, d } = data as { t: string; d: { nonce: number } }
      if (t === 'MESSAGE_CREATE') numbers.push(d.nonce)
    })
    await arrivals(() => numbers.length, messages)
    socket.close()
    expect(numbers).toEqual(Array.from({ length: messages }, (_, i) => i + 1))
    expect(lost).toEqual([])
  },
  arrivalsTimeoutMs,
)
