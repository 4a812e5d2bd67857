import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Scheduler } from '../backend/scheduler.ts'
import { seededRandom } from '../backend/seeded-random.ts'
import type { Store } from '../store/store.ts'
import { Broadcast } from './broadcast.ts'
import { Connection, type Transport } from './connection.ts'
import type { HandshakeFault } from './handshake-fault.ts'
import { type Handshake, Handshakes } from './handshakes.ts'
import { HintChannel } from './hint-channel.ts'
import type { OpenHub } from './hub.ts'
import { IdentifyLimits } from './identify-limits.ts'
import { Injector } from './injector.ts'
import { closeCodes } from './opcodes.ts'
import { type Acted, heal, operate } from './operator.ts'
import { Presences } from './presences.ts'
import { expel, sessionEnded } from './session-end.ts'
import { Sessions } from './sessions.ts'
import type { SocketAction } from './socket-action.ts'
import { SocketCounters } from './socket-counters.ts'
import { defaultSocketOptions, type SocketOptions, type SocketsPatch } from './socket-options.ts'
import { type SessionStatus, type SocketsStatus, sessionStatus } from './socket-status.ts'
import { SocketTransport } from './socket-transport.ts'

export interface SocketGatewayParts {
  readonly store: Store
  readonly scheduler: Scheduler
  readonly tokens?: ReadonlySet<string> | undefined
  readonly options?: SocketsPatch | undefined
  /** For shares, and for which upgrades fail beyond the limit. @defaultValue 1 */
  readonly seed?: number | undefined
  /** Stops listening for so long, and cuts whoever is connected. */
  readonly goDown?: ((downMs: number) => void) | undefined
}

/** Discord's WebSocket Gateway: connections, sessions, and what an operator may do to them. */
export class SocketGateway {
  readonly injector: Injector
  readonly connections = new Set<Connection>()
  readonly #parts: SocketGatewayParts
  readonly #random
  /** What is asked of the whole fleet. */
  readonly fleetHint: HintChannel
  readonly #hub: OpenHub
  readonly #handshakes: Handshakes
  readonly #unsubscribe: () => void

  constructor(parts: SocketGatewayParts) {
    const { store, scheduler, tokens, options, seed = 1 } = parts
    this.#parts = parts
    this.#random = seededRandom(seed + 2)
    const presences = new Presences(store)
    const sessions = new Sessions(
      scheduler,
      () => this.options.sessionLifetimeMs,
      (session) => sessionEnded(this.#hub, session),
    )
    this.#hub = {
      store,
      scheduler,
      tokens,
      sessions,
      presences,
      identifyLimits: new IdentifyLimits(scheduler, () => this.options),
      options: { ...defaultSocketOptions, ...options },
      counters: new SocketCounters(() => scheduler.now()),
      membersAskedMs: new Map(),
      fleetHint: undefined,
      expel: (credential) => expel(this.#hub, credential),
    }
    this.fleetHint = new HintChannel(this.#hub)
    this.injector = new Injector(store, scheduler)
    this.#handshakes = new Handshakes({
      scheduler,
      random: this.#random,
      options: () => this.options,
      failed: (why) => this.#hub.counters.failed(why),
      connections: () => this.size,
      accepted: (socket, handshake) => this.#accepted(socket, handshake),
    })
    const broadcast = new Broadcast(this.#hub)
    this.#unsubscribe = store.subscribe((event) => broadcast.tell(event))
  }

  get options(): SocketOptions {
    return this.#hub.options
  }

  /** How many connections are open. */
  get size(): number {
    return this.connections.size
  }

  get status(): SocketsStatus {
    const { sessions, counters, options } = this.#hub
    return {
      connections: this.size,
      connectionLimit: options.connectionLimit,
      sessions: sessions.size,
      acceptQueue: this.#handshakes.queued,
      upgradeFailuresLastMinute: counters.upgradeFailuresLastMinute,
      handshakeFault: this.handshakeFault,
      ...counters.snapshot(),
    }
  }

  get sessions(): SessionStatus[] {
    return [...this.#hub.sessions].map(sessionStatus)
  }

  /** What upgrades meet instead of a handshake. */
  get handshakeFault(): HandshakeFault | undefined {
    return this.#handshakes.fault
  }

  set handshakeFault(fault: HandshakeFault | undefined) {
    this.#handshakes.setFault(fault)
  }

  configure(patch: SocketsPatch): void {
    this.#hub.options = { ...this.#hub.options, ...patch }
  }

  /** Does what an operator does. @throws RangeError for a channel that is none */
  act(action: SocketAction): Acted {
    return operate(this, action, this.#random, this.#parts.scheduler)
  }

  /** What `GET /gateway/bot` says. */
  botInfo(credential: string) {
    return {
      shards: this.options.shards,
      session_start_limit: this.#hub.identifyLimits.status(credential),
    }
  }

  /** Listens for `upgrade`. */
  upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void =>
    this.#handshakes.take(request, socket, head)

  /** Greets a client; `received` and `closed` of what it gives are to be called from then on. */
  connect(transport: Transport, resumeUrl: string, version = '10'): Connection {
    const connection = new Connection(this.#hub, transport, resumeUrl)
    this.connections.add(connection)
    this.#hub.counters.count('accepted')
    const number = Number(version)
    if (number >= 6 && number <= 10) connection.start()
    else connection.close(closeCodes.invalidVersion)
    return connection
  }

  /** The socket of a connection has closed. */
  disconnected(connection: Connection, code: number): void {
    if (!this.connections.delete(connection)) return
    const { closing } = connection
    this.#hub.counters.closed(closing === undefined ? 'client' : 'server', closing ?? code)
    connection.closed(code)
  }

  /** Cuts all connections, and stays down for a time; the sessions stay, or go with the process. */
  restart(downMs: number, sessions: 'keep' | 'lose'): number {
    const cut = this.size
    this.#handshakes.clear()
    for (const { transport } of this.connections) transport.terminate()
    if (sessions === 'lose') {
      for (const session of [...this.#hub.sessions]) this.#hub.sessions.end(session)
    }
    if (downMs > 0) this.#parts.goDown?.(downMs)
    return cut
  }

  /** Goes back to the first options, with nothing counted; connections and sessions stay. */
  reset(): void {
    heal(this)
    this.injector.stop()
    this.#hub.identifyLimits.reset()
    this.#hub.membersAskedMs.clear()
    this.#hub.options = { ...defaultSocketOptions, ...this.#parts.options }
    this.#hub.counters = new SocketCounters(() => this.#parts.scheduler.now())
  }

  /** Ends every connection; nothing stays open. */
  close(): void {
    this.#unsubscribe()
    this.injector.stop()
    this.restart(0, 'lose')
  }

  #accepted(socket: WebSocket, { version, compression, host }: Handshake): void {
    const transport = new SocketTransport(
      socket,
      this.#parts.scheduler,
      compression,
      () => this.options.frameDelayMs,
    )
    const connection = this.connect(transport, this.options.url || `ws://${host}`, version)
    socket.on('message', (data: Buffer) => connection.receive(data.toString(), data.byteLength))
    socket.on('error', () => socket.terminate())
    socket.on('close', (code) => this.disconnected(connection, code))
  }
}
