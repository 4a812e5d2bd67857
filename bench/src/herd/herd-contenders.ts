import { backoffClient } from './backoff-client.ts'
import { evenkeelCore } from './evenkeel-core.ts'
import { discordJs, fullJitter, socketIo } from './formulas.ts'
import type { HerdScenario } from './herd-scenarios.ts'
import type { HerdWorld, StartClient } from './herd-world.ts'
import { loadReconnectingWebSocket } from './load-reconnecting-websocket.ts'
import { phoenixReply } from './phoenix-reply.ts'
import { virtualWebSocket } from './virtual-web-socket.ts'

/** A client library on its defaults, in a world without a network. */
export interface HerdContender {
  readonly name: string
  /** What of it runs: itself, its decisions without sockets, or its formula as its source has it. */
  readonly runs: 'its code' | 'its core' | 'its formula'
  /** Loads what it needs. */
  load(world: HerdWorld): Promise<StartClient>
}

const url = 'ws://127.0.0.1/'

const byFormula = (
  name: string,
  delayMs: (retry: number, random: HerdWorld['random']) => number,
): HerdContender => ({
  name,
  runs: 'its formula',
  load: async () =>
    backoffClient(({ random }) => {
      let retry = 0
      return () => delayMs(retry++, random)
    }),
})

const told = (windowMs: number): HerdContender => ({
  name: 'evenkeel, told to spread',
  runs: 'its core',
  load: async () => evenkeelCore({ windowMs }),
})

const contenders: readonly HerdContender[] = [
  { name: 'evenkeel', runs: 'its core', load: async () => evenkeelCore() },
  byFormula('full jitter, 1 s to 60 s', fullJitter),
  {
    name: 'partysocket',
    runs: 'its code',
    async load(world) {
      const { default: PartySocket } = await import('partysocket/ws')
      const WebSocket = virtualWebSocket(world)
      return () => new PartySocket(url, [], { WebSocket })
    },
  },
  {
    name: 'reconnecting-websocket',
    runs: 'its code',
    async load(world) {
      const ReconnectingWebSocket = await loadReconnectingWebSocket()
      const WebSocket = virtualWebSocket(world)
      // It draws this once, when a page loads it; here are as many pages as clients.
      return ({ random }) =>
        new ReconnectingWebSocket(url, [], {
          WebSocket,
          minReconnectionDelay: 1000 + random() * 4000,
        })
    },
  },
  byFormula('socket.io-client', socketIo),
  {
    name: 'phoenix',
    runs: 'its code',
    async load(world) {
      const { Socket } = await import('phoenix')
      const transport = virtualWebSocket(world, phoenixReply)
      return () => new Socket(url, { transport }).connect()
    },
  },
  byFormula('discord.js', discordJs),
]

/** Who takes part in a scenario. */
export function contendersOf({ hintMs }: HerdScenario): readonly HerdContender[] {
  return hintMs === undefined ? contenders : [...contenders, told(hintMs)]
}
