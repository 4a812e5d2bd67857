import { validateHeaderName, validateHeaderValue } from 'node:http'

/** Reads one option: gives it typed, or throws a `RangeError` that names option and value. */
export type Reader<T> = (value: unknown, name: string) => T

function fail(name: string, wanted: string, value: unknown): never {
  const shown = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value))
  throw new RangeError(`${name} must be ${wanted}, got ${shown}`)
}

/** Reads a finite number from `min` to `max`. */
export function number(min: number, max = Number.POSITIVE_INFINITY): Reader<number> {
  const wanted =
    max === Number.POSITIVE_INFINITY ? `a number ≥ ${min}` : `a number from ${min} to ${max}`
  return (value, name) =>
    typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max
      ? value
      : fail(name, wanted, value)
}

/** Reads a number > 0. */
export const positive: Reader<number> = (value, name) =>
  typeof value === 'number' && Number.isFinite(value) && value > 0
    ? value
    : fail(name, 'a number > 0', value)

/** Reads a whole number from `min` to `max`. */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER): Reader<number> {
  const wanted =
    max === Number.MAX_SAFE_INTEGER ? `an integer ≥ ${min}` : `an integer from ${min} to ${max}`
  return (value, name) =>
    Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
      ? (value as number)
      : fail(name, wanted, value)
}

/** Reads what `reader` does, or `null` (as JSON has no infinity) as `Infinity`. */
export function orUnlimited(reader: Reader<number>): Reader<number> {
  return (value, name) =>
    value === null || value === Number.POSITIVE_INFINITY
      ? Number.POSITIVE_INFINITY
      : reader(value, name)
}

export const boolean: Reader<boolean> = (value, name) =>
  typeof value === 'boolean' ? value : fail(name, 'true or false', value)

export const text: Reader<string> = (value, name) =>
  typeof value === 'string' ? value : fail(name, 'a string', value)

/** Reads a text that fits in one line, of 1 to `maxLength` characters. */
export function singleLine(maxLength: number): Reader<string> {
  return (value, name) =>
    typeof value === 'string' &&
    value.trim() !== '' &&
    value.length <= maxLength &&
    !/\p{Cc}/u.test(value)
      ? value
      : fail(name, `one line of 1 to ${maxLength} characters`, value)
}

export function oneOf<const T extends string>(...choices: readonly T[]): Reader<T> {
  return (value, name) =>
    choices.includes(value as T)
      ? (value as T)
      : fail(name, choices.map((choice) => `'${choice}'`).join(' | '), value)
}

export function listOf<T>(reader: Reader<T>): Reader<readonly T[]> {
  return (value, name) =>
    Array.isArray(value)
      ? value.map((item, index) => reader(item, `${name}[${index}]`))
      : fail(name, 'a list', value)
}

/** Reads an object of freely named entries, all of one kind. */
export function recordOf<T>(reader: Reader<T>): Reader<Readonly<Record<string, T>>> {
  return (value, name) =>
    Object.fromEntries(
      Object.entries(object(value, name)).map(([key, item]) => [
        key,
        reader(item, `${name}.${key}`),
      ]),
    )
}

export type Readers<T> = { readonly [K in keyof T]-?: Reader<Exclude<T[K], undefined>> }

/** Reads an object of which any part may be absent, and nothing unknown present. */
export function partial<T extends object>(readers: Readers<T>): Reader<Partial<T>> {
  return (value, name) => {
    const read: Partial<T> = {}
    for (const [key, item] of Object.entries(object(value, name))) {
      if (!Object.hasOwn(readers, key)) {
        throw new RangeError(`${name} has no ${key}; it has ${Object.keys(readers).join(', ')}`)
      }
      if (item === undefined) continue
      const reader = readers[key as keyof T] as Reader<T[keyof T]>
      read[key as keyof T] = reader(item, `${name}: ${key}`)
    }
    return read
  }
}

/** Reads an object, with these names required. */
export function whole<T extends object>(
  readers: Readers<T>,
  required: readonly (keyof T & string)[],
): Reader<T> {
  const read = partial(readers)
  return (value, name) => {
    const found = read(value, name)
    for (const key of required)
      if (!Object.hasOwn(found, key)) throw new RangeError(`${name} needs ${key}`)
    return found as T
  }
}

function object(value: unknown, name: string): object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? value
    : fail(name, 'an object', value)
}

const texts = recordOf(text)

/** Reads headers: what Node.js would not send is refused here, not by the reply that has it. */
export const headers: Reader<Readonly<Record<string, string>>> = (value, name) => {
  const read = texts(value, name)
  for (const [header, content] of Object.entries(read)) {
    try {
      validateHeaderName(header)
      validateHeaderValue(header, content)
    } catch (error) {
      throw new RangeError(`${name}: ${(error as Error).message}`)
    }
  }
  return read
}
