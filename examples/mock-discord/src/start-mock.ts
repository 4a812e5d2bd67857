import type { AddressInfo } from 'node:net'
import { Limits, type LimitsOptions } from './limits/limits.ts'
import type { Machinery, MachineryParts } from './machinery.ts'
import { openMachinery } from './open-machinery.ts'
import { createServer } from './server.ts'
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
  /** Ends every connection; nothing stays open. */
  close(): Promise<void>
}

/** Starts the mock in this process. */
export async function startMock(options: MockOptions = {}): Promise<Mock> {
  const { host = '127.0.0.1', port = 0, now = Date.now, tokens } = options
  const store = new Store(now, options.store)
  const limits = new Limits(now, options.limits)
  const machinery = options.machinery?.({ store, limits, now }) ?? openMachinery
  const app = await createServer({
    store,
    limits,
    machinery,
    now,
    tokens: tokens && new Set(tokens),
  })
  await app.listen({ host, port, backlog: 4_096 })
  const { port: boundPort } = app.server.address() as AddressInfo
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}`
  return {
    url,
    apiUrl: `${url}/api`,
    port: boundPort,
    store,
    limits,
    async close() {
      machinery.close()
      await app.close()
    },
  }
}
