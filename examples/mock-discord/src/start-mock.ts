import type { AddressInfo } from 'node:net'
import { PacedScheduler } from './backend/paced-scheduler.ts'
import { Limits, type LimitsOptions } from './limits/limits.ts'
import { Listener } from './listener.ts'
import type { Machinery, MachineryParts } from './machinery.ts'
import { openMachinery } from './open-machinery.ts'
import { createServer } from './server.ts'
import { SocketGateway } from './sockets/socket-gateway.ts'
import { readSocketsPatch, type SocketsPatch } from './sockets/socket-options.ts'
import { Store, type StoreOptions } from './store/store.ts'

/** What a mock may be started with. */
export interface MockOptions {
  /** @defaultValue 127.0.0.1, so that nobody else reaches it */
  readonly host?: string | undefined
  /** @defaultValue 0, a free one */
  readonly port?: number | undefined
  /** Epoch milliseconds, for limits, ids and dates. @defaultValue `Date.now` */
  readonly now?: (() => number) | undefined
  /** Bot tokens that are let in. @defaultValue all are */
  readonly tokens?: readonly string[] | undefined
  readonly limits?: LimitsOptions | undefined
  readonly store?: StoreOptions | undefined
  /** For the shares of what an operator does. @defaultValue 1 */
  readonly seed?: number | undefined
  /** The WebSocket Gateway. */
  readonly sockets?: SocketsPatch | undefined
  /** What stands before and behind the routes. @defaultValue nothing */
  readonly machinery?: ((parts: MachineryParts) => Machinery) | undefined
}

/** A running server, and the inside of it for tests. */
export interface Mock {
  /** As in `http://127.0.0.1:8080`. */
  readonly url: string
  /** What Discord libraries want as the address of the API, without its version. */
  readonly apiUrl: string
  readonly port: number
  readonly store: Store
  readonly limits: Limits
  /** The WebSocket Gateway, and what an operator may do to it. */
  readonly gateway: SocketGateway
  /** Ends every connection; nothing stays open. */
  close(): Promise<void>
}

const backlog = 4_096

/**
 * Starts the mock in this process.
 *
 * @throws RangeError for an option of `sockets` that is out of range.
 */
export async function startMock(options: MockOptions = {}): Promise<Mock> {
  const { host = '127.0.0.1', port = 0, now = Date.now, tokens } = options
  const store = new Store(now, options.store)
  const limits = new Limits(now, options.limits)
  const tokenSet = tokens && new Set(tokens)
  const scheduler = new PacedScheduler()
  const gateway = new SocketGateway({
    store,
    scheduler,
    tokens: tokenSet,
    options: readSocketsPatch(options.sockets ?? {}, 'sockets'),
    seed: options.seed,
    goDown: (downMs) => listener.goDown(downMs),
  })
  const machinery = options.machinery?.({ store, limits, gateway, now }) ?? openMachinery
  const app = await createServer({ store, limits, machinery, gateway, now, tokens: tokenSet })
  app.server.on('upgrade', gateway.upgrade)
  const stop = async () => {
    machinery.close()
    gateway.close()
    scheduler.close()
    await app.close()
  }
  try {
    await app.listen({ host, port, backlog })
  } catch (error) {
    // Else the timers would keep the process alive.
    await stop()
    throw error
  }
  const { port: boundPort } = app.server.address() as AddressInfo
  const listener = new Listener(app.server, scheduler, { host, port: boundPort, backlog })
  store.voiceEndpoint = `${host}:${boundPort}`
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}`
  return {
    url,
    apiUrl: `${url}/api`,
    port: boundPort,
    store,
    limits,
    gateway,
    async close() {
      listener.close()
      await stop()
    },
  }
}
