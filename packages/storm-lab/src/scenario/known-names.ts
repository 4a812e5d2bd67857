/** The names that a plain object can have, and those of its parts; of lists, those of each. */
export type Names<T> = { readonly [K in keyof T]-?: 0 | NamesOf<NonNullable<T[K]>> }

type NamesOf<V> = V extends (...input: never) => unknown
  ? 0
  : V extends readonly (infer Item)[]
    ? Item extends readonly unknown[]
      ? 0
      : NamesOf<Item>
    : V extends object
      ? Names<V>
      : 0

type Tree = { readonly [name: string]: Tree | 0 }

/**
 * Refuses what nothing is known by: left out for a slip of the pen, it would be a run of something else.
 *
 * @throws `RangeError` that names the part, and what is known there
 */
export function checkNames<T>(what: string, given: T, known: Names<T>): void {
  walk(what, given, known as Tree)
}

function walk(what: string, given: unknown, known: Tree | 0 | undefined): void {
  if (!known || typeof given !== 'object' || given === null) return
  if (Array.isArray(given)) {
    for (const [at, item] of given.entries()) walk(`${what}[${at}]`, item, known)
    return
  }
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(known, name))
      throw new RangeError(
        `storm: ${what} has no '${name}'; there are ${Object.keys(known).join(', ')}`,
      )
    walk(`${what}.${name}`, value, known[name])
  }
}
