import { checkNumber } from './check.ts'
import { systemTime, type TimeSource } from './time-source.ts'

/** What {@link KeyedState} can be told. */
export interface KeyedStateOptions<S> {
  /** How many keys to hold at most, 2 or more. @defaultValue 1000: an app talks to tens of origins, a bot to hundreds of routes */
  readonly maxKeys?: number | undefined
  /** How long a key may rest; the first key to come after once to twice that drops it. @defaultValue 3_600_000, one hour */
  readonly idleMs?: number | undefined
  /** Whether a state still says something, so that it outlives its rest while there is room. */
  readonly isNeeded?: ((state: S) => boolean) | undefined
  /** @defaultValue `systemTime` */
  readonly clock?: TimeSource | undefined
}

/**
 * State per key, bounded and swept without a timer.
 *
 * Two generations: a key in use is young; every `idleMs`, or when half the room is taken, the young
 * become old and what was still old is dropped. A look-up costs one map access and reads no clock.
 */
export class KeyedState<S> {
  readonly #create: (key: string) => S
  readonly #halfRoom: number
  readonly #idleMs: number
  readonly #isNeeded: (state: S) => boolean
  readonly #clock: TimeSource
  #young = new Map<string, S>()
  #old = new Map<string, S>()
  #turnedAtMs = -Infinity
  // Most apps talk to one server: nearly every look-up is for the key of the one before.
  #lastKey: string | undefined
  #last: S | undefined

  /** @throws `RangeError` for a bad option. */
  constructor(
    create: (key: string) => S,
    {
      maxKeys = 1000,
      idleMs = 3_600_000,
      isNeeded = () => false,
      clock = systemTime,
    }: KeyedStateOptions<S> = {},
  ) {
    checkNumber('KeyedState', 'maxKeys', maxKeys, 2)
    checkNumber('KeyedState', 'idleMs', idleMs, 0)
    this.#create = create
    this.#halfRoom = Math.floor(maxKeys / 2)
    this.#idleMs = idleMs
    this.#isNeeded = isNeeded
    this.#clock = clock
  }

  /** The state of a key, made on first use. */
  get(key: string): S {
    if (key !== this.#lastKey) {
      this.#last = this.#young.get(key) ?? this.#renew(key)
      this.#lastKey = key
    }
    return this.#last as S
  }

  /** The state of a key if it has one; not a use. */
  peek(key: string): S | undefined {
    return this.#young.get(key) ?? this.#old.get(key)
  }

  /** Forgets a key. */
  delete(key: string): void {
    this.#lastKey = this.#last = undefined
    this.#young.delete(key)
    this.#old.delete(key)
  }

  /** Every key with its state. */
  entries(): Map<string, S> {
    return new Map([...this.#old, ...this.#young])
  }

  #renew(key: string): S {
    const state = this.#old.get(key) ?? this.#create(key)
    const nowMs = this.#clock.now()
    if (nowMs - this.#turnedAtMs >= this.#idleMs || this.#young.size >= this.#halfRoom) {
      const kept = [...this.#old].filter(([, each]) => this.#isNeeded(each))
      this.#old = this.#young
      this.#young = new Map(kept.slice(Math.max(0, Math.ceil(kept.length - this.#halfRoom / 2))))
      this.#turnedAtMs = nowMs
    }
    this.#old.delete(key)
    this.#young.set(key, state)
    return state
  }
}
