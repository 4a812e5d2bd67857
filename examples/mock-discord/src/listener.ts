import type { Server } from 'node:http'
import type { Scheduled, Scheduler } from './backend/scheduler.ts'

/** Where a server listens. */
export interface Address {
  readonly host: string
  readonly port: number
  readonly backlog: number
}

const retryMs = 50

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
    this.#comesUp = this.#scheduler.schedule(() => this.#goUp(), downMs)
  }

  /** Stays as it is from now on. */
  close(): void {
    this.#comesUp?.cancel()
  }

  #goUp(): void {
    const server = this.#server
    // Somebody else may have been given the port meanwhile, for a short while as a rule.
    const again = () => this.goDown(retryMs)
    server.once('error', again)
    server.listen(this.#address, () => server.off('error', again))
  }
}
