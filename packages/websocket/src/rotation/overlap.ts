import { notify, type Timer } from '@evenkeel/core'
import type { Settings } from '../settings.ts'
import type { RotateOptions } from './rotate.ts'

/** More than come while there are two connections. */
const maxIds = 10_000

/** Knows which messages came while there are, or may just have been, two connections. */
export class Overlap {
  readonly #idOf: NonNullable<RotateOptions['idOf']>
  readonly #settings: Settings
  #ids: Set<string | number> | undefined
  #timer: Timer | undefined

  constructor(idOf: NonNullable<RotateOptions['idOf']>, settings: Settings) {
    this.#idOf = idOf
    this.#settings = settings
  }

  begin(): void {
    this.#timer?.cancel()
    this.#ids ??= new Set()
  }

  /** One connection is gone; what it was quicker with may still come by the other. */
  end(): void {
    const { clock, connectTimeoutMs } = this.#settings
    this.#timer?.cancel()
    this.#timer = clock.scheduleAt(clock.now() + connectTimeoutMs, () => this.forget())
  }

  forget(): void {
    this.#timer?.cancel()
    this.#ids = undefined
  }

  hasHeard(data: unknown): boolean {
    const ids = this.#ids
    if (!ids) return false
    let id: string | number | undefined
    notify(
      (message) => {
        id = this.#idOf(message)
      },
      { data },
    )
    if (id === undefined) return false
    const isAgain = ids.has(id)
    ids.add(id)
    if (ids.size > maxIds) ids.delete(ids.values().next().value as string)
    return isAgain
  }
}
