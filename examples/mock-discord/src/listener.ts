import { once } from 'node:events'
import type { Server } from 'node:http'
import type { Scheduled, Scheduler } from './backend/scheduler.ts'

/** Where a server listens. */
export interface Address {
  readonly host: string
  readonly port: number
  readonly backlog: number
}

/** Takes a server off its port for a time, as a process that is started anew: connections are refused meanwhile. */
export class Listener {
  readonly #server: Server
  readonly #scheduler: Scheduler
  readonly #address: Address
  #comesUp: Scheduled | undefined

  constructor(server: Server, scheduler: Scheduler, address: Address) {
    this.#server = server
    this.#scheduler = scheduler
    this.#address = address
  }

  goDown(downMs: number): void {
    if (this.#server.listening) {
      this.#server.close()
      this.#server.closeAllConnections()
    }
    this.#comesUp?.cancel()
    this.#comesUp = this.#scheduler.schedule(() => void this.goUp(), downMs)
  }

  /** Listens again, if it does not. */
  async goUp(): Promise<void> {
    this.#comesUp?.cancel()
    this.#comesUp = undefined
    if (this.#server.listening) return
    this.#server.listen(this.#address)
    await once(this.#server, 'listening')
  }
}
