import type { Random } from '../backend/seeded-random.ts'
import type { Connection } from './connection.ts'
import { opcodes } from './opcodes.ts'
import type { SocketAction, Target } from './socket-action.ts'
import type { SocketGateway } from './socket-gateway.ts'

/** What an action came to. */
export interface Acted {
  /** How many connections it concerned. */
  readonly connections: number
  readonly first?: number
  readonly last?: number
}

type Each = (connection: Connection) => void

/** Does what an operator does to the open connections, to those to come, or to the whole. */
export function operate(gateway: SocketGateway, action: SocketAction, random: Random): Acted {
  switch (action.kind) {
    case 'restart':
      return { connections: gateway.restart(action.downMs ?? 0, action.sessions ?? 'keep') }
    case 'handshakes':
      gateway.handshakeFault = action.fault
      return { connections: 0 }
    case 'heal':
      return { connections: gateway.heal() }
    case 'inject': {
      const { count, channel, intervalMs } = action
      return { connections: gateway.size, ...gateway.injector.inject(count, channel, intervalMs) }
    }
    default: {
      const picked = pick([...gateway.connections], action, random)
      const act = each(gateway, action)
      for (const connection of picked) act(connection)
      return { connections: picked.length }
    }
  }
}

function each(gateway: SocketGateway, action: SocketAction & Target): Each {
  switch (action.kind) {
    case 'drop':
      return ({ transport }) => transport.terminate()
    case 'close': {
      const { code, reason = '' } = action
      return (connection) => connection.close([code, reason])
    }
    case 'stop-acks':
      return (connection) => {
        connection.acks = false
      }
    case 'delay':
      return ({ transport }) => {
        transport.delayMs = action.delayMs
      }
    case 'half-open':
      return (connection) => gateway.freeze(connection)
    case 'reconnect':
      return (connection) => gateway.askToReconnect(connection, action.closeAfterMs)
    case 'invalidate':
      return (connection) => connection.invalidate(action.resumable ?? false)
    default:
      return (connection) => connection.control(opcodes.heartbeat)
  }
}

/** Takes the share at random, and just as many as it says. */
function pick(connections: Connection[], { share = 1, shard }: Target, random: Random) {
  const all = connections.filter(
    ({ session }) => shard === undefined || session?.identity.shard[0] === shard,
  )
  const count = Math.round(all.length * share)
  for (let index = 0; index < count; index++) {
    const other = index + Math.floor(random() * (all.length - index))
    const [a, b] = [all[index] as Connection, all[other] as Connection]
    all[index] = b
    all[other] = a
  }
  return all.slice(0, count)
}
