/** Makes the answer of a simulated fetch. */
export type AnswerMaker = (status: number, retryAfterMs: number) => Response

/**
 * A `Response` without a body, of which the whole is made when somebody asks for more than hardly any client does: to
 * make one each would take a tenth of all time.
 */
class Answer implements Response {
  readonly #status: number
  readonly #headers: Headers

  constructor(status: number, headers: Headers) {
    this.#status = status
    this.#headers = headers
  }

  get status(): number {
    return this.#status
  }

  get headers(): Headers {
    return this.#headers
  }

  get ok(): boolean {
    return this.#status >= 200 && this.#status < 300
  }

  get statusText(): string {
    return ''
  }

  get type(): ResponseType {
    return 'default'
  }

  get url(): string {
    return ''
  }

  get redirected(): boolean {
    return false
  }

  get body(): null {
    return null
  }

  get bodyUsed(): boolean {
    return false
  }

  clone(): Response {
    return this.#whole
  }

  text(): Promise<string> {
    return this.#whole.text()
  }

  json(): Promise<unknown> {
    return this.#whole.json()
  }

  arrayBuffer(): Promise<ArrayBuffer> {
    return this.#whole.arrayBuffer()
  }

  blob(): Promise<Blob> {
    return this.#whole.blob()
  }

  bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#whole.bytes()
  }

  formData(): Promise<FormData> {
    return this.#whole.formData()
  }

  get #whole(): Response {
    return new Response(null, this)
  }
}

/** Takes the platform's `Response` for what it is when the lab begins, as an import must do nothing. */
export function answerMaker(): AnswerMaker {
  Object.setPrototypeOf(Answer.prototype, Response.prototype)
  // Those of an error can't be changed, as none can that fetch gives, so that all answers may share them.
  const { headers: none } = Response.error()
  // Each its own: retriers mark an answer that one of them has given up on.
  return (status, retryAfterMs) =>
    new Answer(
      status,
      Number.isNaN(retryAfterMs)
        ? none
        : new Headers([['retry-after', String(retryAfterMs / 1000)]]),
    )
}
