import { checkNumber } from '@evenkeel/core'
import type { Tell } from '../events.ts'
import type { Settings } from '../settings.ts'
import { RotatingMachine } from './rotating-machine.ts'
import type { RotationKind } from './rotation.ts'

/** What {@link rotate} can be told. */
export interface RotateOptions {
  /** How old a connection may become; it is replaced in the last quarter of that. @defaultValue `Infinity` */
  readonly maxAgeMs?: number | undefined
  /**
   * When the credentials of the connection that is now ready run out, as a `Date` or in milliseconds since
   * 1970. It is replaced before, and the providers are asked with `isRefresh: true`. @defaultValue never
   */
  readonly expiresAt?: (() => Date | number | undefined) | undefined
  /**
   * How long the old connection is still heard before it is closed: what is on its way to here must not be
   * lost, and `WebSocket` hears nothing after `close()` (the WHATWG standard, "a message has been received").
   * Sends go by the new one at once, and may overtake those before. With 0 they wait until the old one is
   * closed, and keep their order. Sessions that repeat what was missed need none.
   * @defaultValue 2000, at most half of `maxAgeMs`
   */
  readonly lingerMs?: number | undefined
  /**
   * What tells a message from all others. A server that sends to all connections of a client sends twice
   * while there are two: the second of an id is then dropped. Sessions need none. @defaultValue nothing is dropped
   */
  readonly idOf?: ((message: { readonly data: unknown }) => string | number | undefined) | undefined
}

/** The options, complete. */
export interface RotateRules extends RotateOptions {
  readonly maxAgeMs: number
  readonly lingerMs: number
}

/**
 * Replaces connections while they live: the next one is open, and its session ready to go on, before the one
 * in use is closed. For the option `rotation`. It dials on the server's advice (`advise({ rotateWithinMs })`,
 * op 7 of the Discord gateway), before credentials run out, and at a maximum age; through the same
 * gate and with the same waits as all other dials. When that fails the connection in use stays in use.
 *
 * @throws `RangeError` for a bad option
 */
export function rotate({
  maxAgeMs = Infinity,
  lingerMs = Math.min(2000, maxAgeMs / 2),
  ...rest
}: RotateOptions = {}): RotationKind {
  checkNumber('rotate', 'maxAgeMs', maxAgeMs, 1)
  checkNumber('rotate', 'lingerMs', lingerMs, 0, maxAgeMs / 2, 'from 0 to half of maxAgeMs')
  const rules = { ...rest, maxAgeMs, lingerMs }
  return {
    start: (settings: Settings, binaryType: string, tell: Tell) =>
      new RotatingMachine(rules, settings, binaryType, tell),
  }
}
