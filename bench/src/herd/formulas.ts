// What libraries wait by default, as their sources say it; `retry` counts losses in a row, from 0.
import type { Random } from '@evenkeel/core'

/** Full jitter from 1 s, doubled, to a minute: the classic prescription. */
export function fullJitter(retry: number, random: Random): number {
  return random() * Math.min(60_000, 1000 * 2 ** retry)
}

/** socket.io-client 4: `contrib/backo2.js` with the Manager's defaults. It clamps after its jitter. */
export function socketIo(retry: number, random: Random): number {
  const baseMs = 1000 * 2 ** retry
  const chance = random()
  const deviationMs = Math.floor(chance * 0.5 * baseMs)
  const isShorter = (Math.floor(chance * 10) & 1) === 0
  return Math.floor(Math.min(isShorter ? baseMs - deviationMs : baseMs + deviationMs, 5000))
}

/** discord.js 14: `WebSocketShard.destroy` of @discordjs/ws sleeps as long before each dial. */
export function discordJs(): number {
  return 500
}
