import type { Clock, Timer } from '../clock.ts'
import { notify } from '../events.ts'
import { type IgnoredReason, seal, unseal } from './envelope.ts'
import type { StateEvent } from './state-events.ts'
import type { StatePart } from './state-part.ts'
import type { StateStore } from './state-store.ts'

/** Where and how state is kept. */
export interface KeeperRules {
  readonly parts: ReadonlyMap<string, StatePart>
  readonly store: StateStore
  readonly name: string
  readonly ttlMs: number
  readonly maxLength: number
  readonly saveEveryMs: number
  readonly clock: Clock
  readonly onEvent: ((event: StateEvent) => void) | undefined
  readonly ignore: (reason: IgnoredReason) => void
}

const version = 1

/** Keeps the state of some parts under one name of a store. */
export class StateKeeper {
  /** Settles when what was kept has been taken over; at once if the store answers at once. */
  readonly ready: Promise<void>
  readonly #rules: KeeperRules
  #timer: Timer | undefined
  /** A later version of the app has been here: what it keeps is not ours to lose. */
  #isForeign = false

  constructor(rules: KeeperRules) {
    this.#rules = rules
    this.ready = this.restore() ?? Promise.resolve()
  }

  /** Takes over what was kept; later if the store answers later. */
  restore(): Promise<void> | undefined {
    const { store, name } = this.#rules
    const found = this.#attempt(() => store.get(name))
    if (isLater(found))
      return Promise.resolve(found).then(
        (text) => this.#read(text),
        (error) => this.#fail(error),
      )
    this.#read(found)
    return undefined
  }

  /** Saves in a while, unless that is arranged. */
  schedule(): void {
    const { clock, saveEveryMs } = this.#rules
    this.#timer ??= clock.scheduleAt(clock.now() + saveEveryMs, () => this.save(false))
  }

  /** Saves now. */
  save(isEnding: boolean): void {
    this.cancel()
    if (this.#isForeign) return
    const { parts, store, name, maxLength, clock } = this.#rules
    const saved: [string, unknown][] = []
    for (const part of parts.values()) {
      const state = part.save(isEnding)
      if (state !== undefined) saved.push([part.name, state])
    }
    const text = saved.length ? seal(saved, version, clock) : ''
    const outcome = this.#attempt(() => {
      if (text.length > maxLength) throw new RangeError(`State of ${text.length} characters`)
      return text ? store.set(name, text) : store.delete(name)
    })
    if (isLater(outcome)) Promise.resolve(outcome).catch((error) => this.#fail(error))
  }

  cancel(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #read(text: string | null | undefined): void {
    if (text === null || text === undefined) return
    const { parts, onEvent, ignore } = this.#rules
    const { data, ignored } = unseal(text, { version, ...this.#rules })
    this.#isForeign = ignored === 'future'
    if (ignored) {
      ignore(ignored)
      return
    }
    const restored: string[] = []
    for (const entry of Array.isArray(data) ? data : [undefined]) {
      const [name, saved] = Array.isArray(entry) ? entry : []
      const part = parts.get(name)
      if (!part) {
        // What an app no longer shares is no mistake.
        if (typeof name !== 'string') ignore('malformed')
      } else if (part.load(saved)) restored.push(part.name)
      else ignore('malformed')
    }
    if (restored.length) notify(onEvent, { type: 'restored', parts: restored })
  }

  #attempt<T>(use: () => T): T | undefined {
    try {
      return use()
    } catch (error) {
      this.#fail(error)
      return undefined
    }
  }

  #fail(error: unknown): void {
    notify(this.#rules.onEvent, { type: 'storeFailed', error })
  }
}

const isLater = <T>(value: T | PromiseLike<T>): value is PromiseLike<T> =>
  typeof (value as PromiseLike<T> | null | undefined)?.then === 'function'
