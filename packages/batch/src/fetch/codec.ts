/** A request as a part of a batch: what of it travels. */
export interface BatchedRequest {
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  /** Text only: other bodies do not travel in a batch. */
  readonly body: string | undefined
}

/** How requests are put into one, and their responses taken out of its. */
export interface BatchCodec {
  /** What the one request holds; its order is that of `requests`. */
  encode(requests: readonly BatchedRequest[]): {
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }
  /** The responses, or errors, in the order of `requests`. */
  decode(
    response: Response,
    requests: readonly BatchedRequest[],
  ): Promise<readonly (Response | Error)[]>
}
