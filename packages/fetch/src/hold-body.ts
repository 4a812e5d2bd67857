/** Called when a body begins to be read; what it returns, when it has been read or has failed: then it gives the reason. */
export type Hold = () => (error?: unknown) => unknown

// Registered, so that who copies an answer can tell it from what the platform keeps there (`singleFlightFetch`).
const held: unique symbol = Symbol.for('evenkeel.hold')

type Held = Response & { [held]?: Hold | undefined }
type Readers = Partial<Record<string, (this: Held) => Promise<unknown>>>

let readersOf: WeakMap<object, Readers> | undefined

/** The readers of a kind of Response, each holding its body while it reads. */
function makeReaders(prototype: Readers): Readers {
  const readers: Readers = {}
  for (const name of ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text']) {
    const read = prototype[name]
    if (!read) continue
    readers[name] = function (this: Held) {
      const whole = read.call(this)
      const hold = this[held]
      if (!hold) return whole
      // A body is read once: the platform refuses whatever else tries, and that must not end the first.
      this[held] = undefined
      const release = hold()
      return whole.then(
        (value) => {
          release()
          return value
        },
        (error) => {
          throw release(error)
        },
      )
    }
  }
  return readers
}

/**
 * Ties a hold to an answer, which stays the platform's own object: it only gets readers of its own.
 * A new prototype, a `WeakMap` or a proxy in their place would cost each answer a tenth of its fetch.
 */
export function holdBody(response: Response, hold: Hold): Response {
  if (!Object.isExtensible(response)) return response
  readersOf ??= new WeakMap()
  const prototype = Object.getPrototypeOf(response) as Readers
  let readers = readersOf.get(prototype)
  if (!readers) {
    readers = makeReaders(prototype)
    readersOf.set(prototype, readers)
  }
  const own = response as unknown as Readers
  ;(response as Held)[held] = hold
  // Readers that a wrapper put on it stay. Written out, since a loop over the names costs twice as much.
  if (own.arrayBuffer === prototype.arrayBuffer) own.arrayBuffer = readers.arrayBuffer
  if (own.blob === prototype.blob) own.blob = readers.blob
  // Younger than the rest.
  if (prototype.bytes && own.bytes === prototype.bytes) own.bytes = readers.bytes
  if (own.formData === prototype.formData) own.formData = readers.formData
  if (own.json === prototype.json) own.json = readers.json
  if (own.text === prototype.text) own.text = readers.text
  return response
}

/** Lets go of an answer whose body nobody reads. */
export function dropHold(response: Response): void {
  ;(response as Held)[held]?.()()
}
