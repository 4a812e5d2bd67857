/** Under which name an object in JSON says that it is not what it seems. */
const mark = '$'

type Bag = Readonly<Record<string, unknown>>

function refuse(value: unknown): never {
  const kind = typeof value === 'object' ? Object.prototype.toString.call(value) : String(value)
  throw new TypeError(`outbox: a file cannot hold ${kind}`)
}

function encode(value: unknown, parents: readonly object[]): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : refuse(value)
  if (typeof value !== 'object' || parents.includes(value)) return refuse(value)
  if (value instanceof Uint8Array)
    return { [mark]: 'bytes', value: Buffer.from(value).toString('base64') }
  const within = [...parents, value]
  if (Array.isArray(value)) return value.map((each) => encode(each, within))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return refuse(value)
  const fields = Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([name, each]) => [name, encode(each, within)]),
  )
  return Object.hasOwn(value, mark) ? { [mark]: 'object', value: fields } : fields
}

function decodeFields(bag: Bag): Bag {
  return Object.fromEntries(Object.entries(bag).map(([name, each]) => [name, decode(each)]))
}

function decode(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(decode)
  const bag = value as Bag
  if (!Object.hasOwn(bag, mark)) return decodeFields(bag)
  if (bag[mark] === 'bytes') return new Uint8Array(Buffer.from(String(bag.value), 'base64'))
  return decodeFields(bag.value as Bag)
}

/**
 * Makes JSON of what JSON can hold, and of bytes.
 *
 * @throws `TypeError` for what would come back as something else: dates, maps, `NaN`, cycles and the like
 */
export function toJson(value: unknown): string {
  return JSON.stringify(encode(value, []))
}

/** Reads it back. @throws `SyntaxError` */
export function fromJson(text: string): unknown {
  return decode(JSON.parse(text))
}
