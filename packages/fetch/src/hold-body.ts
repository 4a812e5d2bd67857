import type { Release } from '@evenkeel/core'

/** What bounds an answer's body until it has been read. */
export interface BodyHold {
  /** Called once the body has been read whole, or has failed. */
  readonly release: Release
  /** Whether the caller reads it whole, rather than as a stream. */
  isReading: boolean
}

const held: unique symbol = Symbol('evenkeel.hold')

type Held = Response & { [held]?: BodyHold }
type Readers = Partial<Record<string, (this: Held) => Promise<unknown>>>

/** Lets go of an answer whose body nobody reads. */
export function dropHold(response: Response): void {
  ;(response as Held)[held]?.release()
}

let readersOf: WeakMap<object, Readers> | undefined

/** The readers of a kind of Response, each letting go of the hold when it is done. */
function makeReaders(prototype: object): Readers {
  const readers: Readers = {}
  for (const name of ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text']) {
    const read = Reflect.get(prototype, name) as Readers[string]
    if (!read) continue
    readers[name] = function (this: Held) {
      const whole = read.call(this)
      const hold = this[held]
      if (hold) {
        hold.isReading = true
        whole.then(hold.release, hold.release)
      }
      return whole
    }
  }
  return readers
}

/**
 * Ties a hold to an answer, which stays the platform's own object: it only gets readers of its own.
 * A new prototype, a `WeakMap` or a proxy in their place would cost each answer a tenth of its fetch.
 */
export function holdBody(response: Response, hold: BodyHold): Response {
  readersOf ??= new WeakMap()
  const prototype = Object.getPrototypeOf(response) as object
  let readers = readersOf.get(prototype)
  if (!readers) {
    readers = makeReaders(prototype)
    readersOf.set(prototype, readers)
  }
  ;(response as Held)[held] = hold
  return Object.assign(response, readers)
}
