import type { Scheduler } from '../backend/scheduler.ts'
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
export function operate(
  gateway: SocketGateway,
  action: SocketAction,
  random: Random,
  scheduler: Scheduler,
): Acted {
  switch (action.kind) {
    case 'restart':
      return { connections: gateway.restart(action.downMs ?? 0, action.sessions ?? 'keep') }
    case 'handshakes':
      gateway.handshakeFault = action.fault
      return { connections: 0 }
    case 'heal':
      heal(gateway)
      return { connections: gateway.size }
    case 'inject': {
      const { count, channel, intervalMs } = action
      return { connections: gateway.size, ...gateway.injector.inject(count, channel, intervalMs) }
    }
    default: {
      const picked = pick([...gateway.connections], action, random)
      const act = each(gateway, action, scheduler)
      for (const connection of picked) act(connection)
      return { connections: picked.length }
    }
  }
}

/** Takes every fault back; frozen connections are cut, since what they missed is not sent again. */
export function heal(gateway: SocketGateway): void {
  gateway.handshakeFault = undefined
  for (const connection of gateway.connections) {
    connection.acks = true
    connection.transport.delayMs = 0
    if (connection.isFrozen) connection.transport.terminate()
  }
}

function each(gateway: SocketGateway, action: SocketAction & Target, scheduler: Scheduler): Each {
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
      return (connection) => {
        connection.isFrozen = true
        connection.transport.freeze()
      }
    case 'reconnect':
      return (connection) => {
        connection.control(opcodes.reconnect)
        if (action.closeAfterMs === undefined) return
        scheduler.schedule(() => {
          if (gateway.connections.has(connection)) connection.close([4_000, 'Reconnect.'])
        }, action.closeAfterMs)
      }
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
