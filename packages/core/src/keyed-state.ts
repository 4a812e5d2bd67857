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
  /** The state of a key, made on first use. */
  readonly get: (key: string) => S
  /** The state of a key if it has one; not a use. */
  readonly peek: (key: string) => S | undefined
  /** Every key with its state. */
  readonly entries: () => Map<string, S>

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
    const halfRoom = Math.floor(maxKeys / 2)
    let young = new Map<string, S>()
    let old = new Map<string, S>()
    let turnedAtMs = -Infinity
    // Most apps talk to one server: nearly every look-up is for the key of the one before.
    let lastKey: string | undefined
    let last: S

    const renew = (key: string): S => {
      const state = old.get(key) ?? create(key)
      const nowMs = clock.now()
      if (nowMs - turnedAtMs >= idleMs || young.size >= halfRoom) {
        const kept = [...old].filter(([, each]) => isNeeded(each))
        kept.splice(0, kept.length - (halfRoom >> 1))
        old = young
        young = new Map(kept)
        turnedAtMs = nowMs
      }
      old.delete(key)
      young.set(key, state)
      return state
    }
    this.get = (key) => {
      if (key !== lastKey) {
        last = young.get(key) ?? renew(key)
        lastKey = key
      }
      return last
    }
    this.peek = (key) => young.get(key) ?? old.get(key)
    this.entries = () => new Map([...old, ...young])
  }
}
