import type { AttemptTable } from '../fleet/attempt-table.ts'
import type { Downstream, Station } from './station.ts'

/** Sends writes to the primary, and reads to whichever replica has the least to do. */
export class Replicas implements Downstream {
  readonly #attempts: AttemptTable
  readonly #primary: Station
  readonly #replicas: readonly Station[]

  constructor(attempts: AttemptTable, primary: Station, replicas: readonly Station[]) {
    this.#attempts = attempts
    this.#primary = primary
    this.#replicas = replicas
  }

  submit(attempt: number): void {
    let chosen = this.#primary
    if (this.#attempts.isRead[attempt]) {
      let least = Infinity
      for (const replica of this.#replicas) {
        const load = replica.busy + replica.queued
        if (load < least) chosen = replica
        least = Math.min(least, load)
      }
    }
    chosen.submit(attempt)
  }
}
