/** What the readers need of `Headers`. */
export interface HeadersLike {
  /** Reads a field by its name in lower case; `null` if the response has none. */
  get(name: string): string | null
  /** The names of all fields: with it, responses without a quota are read in a fifth of the time. */
  keys?(): Iterable<string>
}
