/** Why a command failed, and the exit code that says so. */
export class CommandError extends Error {
  /** 1: the mock refused, 2: the command line is wrong, 3: nobody answers. */
  readonly exitCode: 1 | 2 | 3

  constructor(message: string, exitCode: 1 | 2 | 3) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Calls the admin API of a running mock. */
export class AdminClient {
  readonly url: string

  /** @throws CommandError for what is no address of a server */
  constructor(url: string) {
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
      throw new CommandError(
        `the mock's URL must be like http://127.0.0.1:8080, got ${JSON.stringify(url)}`,
        2,
      )
    }
    this.url = url.replace(/\/+$/, '')
  }

  get = <T>(path: string) => this.#json<T>('GET', path)
  post = <T>(path: string, body?: unknown) => this.#json<T>('POST', path, body)
  patch = <T>(path: string, body: unknown) => this.#json<T>('PATCH', path, body)
  delete = (path: string) => this.#json<undefined>('DELETE', path)

  /** @throws CommandError when the mock cannot be reached or answers an error */
  async text(method: string, path: string, body?: unknown): Promise<string> {
    let response: Response
    let text: string
    try {
      response = await fetch(`${this.url}/admin${path}`, {
        method,
        ...(body !== undefined && {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      })
      text = await response.text()
    } catch (error) {
      const { cause } = error as Error
      const why = cause instanceof Error ? cause.message : (error as Error).message
      throw new CommandError(`no mock answers at ${this.url} (${why}); is it started?`, 3)
    }
    if (response.ok) return text
    throw new CommandError(reason(text) ?? `${method} /admin${path}: ${response.status}`, 1)
  }

  async #json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const text = await this.text(method, path, body)
    if (text === '') return undefined as T
    try {
      return JSON.parse(text) as T
    } catch {
      throw new CommandError(`${this.url} is no mock-discord with an admin API`, 1)
    }
  }
}

function reason(text: string): string | undefined {
  try {
    const { error, message } = JSON.parse(text) as { error?: string; message?: string }
    return error ?? message
  } catch {
    return undefined
  }
}
