/** The one method of `Headers` that the readers need. */
export interface HeadersLike {
  /** Reads a field by its name in lower case; `null` if the response has none. */
  get(name: string): string | null
}
