/** The one method of `Headers` that the readers need. */
export interface HeadersLike {
  get(name: string): string | null
}
