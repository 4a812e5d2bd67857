import { closestMatch } from 'leven'

/** Thrown for a name, a file or a value that a person got wrong; its message is for them. */
export class UsageError extends RangeError {
  override readonly name: string = 'UsageError'

  constructor(message: string, options?: ErrorOptions) {
    super(`storm: ${message}`, options)
  }
}

/** What is known under a name. @throws `UsageError` for one that is not, with the nearest that is */
export function knownAs<T>(kind: string, known: Readonly<Record<string, T>>, name: string): T {
  if (Object.hasOwn(known, name)) return known[name] as T
  throw new UsageError(`there is no ${kind} '${name}'${didYouMean(name, Object.keys(known))}`)
}

/** Names what is nearest to a name, or else all that there is. */
export function didYouMean(name: string, known: readonly string[]): string {
  const nearest = closestMatch(name, known, {
    maxDistance: Math.max(2, Math.ceil(name.length / 2)),
  })
  return nearest === undefined ? `; there are ${known.join(', ')}` : `; did you mean '${nearest}'?`
}
