/** A request as Node has it. */
export interface IncomingLike {
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

/** A response as Node has it. */
export interface OutgoingLike {
  /** Sets a field that goes out with the head. */
  setHeader(name: string, value: string): unknown
}
