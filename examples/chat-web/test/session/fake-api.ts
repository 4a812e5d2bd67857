/** One request as the API saw it. */
export interface Seen {
  readonly method: string
  /** Without `/api/v10`, with its query. */
  readonly path: string
  readonly body: unknown
  readonly headers: Headers
}

/** What becomes of a request instead: an answer, an error, or nothing ever. */
export type Fault = Response | Error | 'never'

export const status = (code: number, headers: Record<string, string> = {}): Response =>
  new Response('{"message":"no"}', {
    status: code,
    headers: { 'content-type': 'application/json', ...headers },
  })

const ada = { id: '1', username: 'Ada' }
export const kim = { id: '2', username: 'Kim' }

/** The API in memory: two channels, and messages that a nonce makes once. */
export class FakeApi {
  readonly seen: Seen[] = []
  /** For the requests to come that fit, each once. */
  readonly faults: { readonly match: RegExp; readonly fault: Fault }[] = []
  readonly messages: {
    id: string
    channel_id: string
    nonce?: string
    [field: string]: unknown
  }[] = []
  #nextId = 1000

  readonly fetch = async (input: unknown, init: RequestInit = {}): Promise<Response> => {
    const { pathname, search } = new URL(String(input))
    const method = init.method ?? 'GET'
    const path = pathname.replace('/api/v10', '') + search
    const body = await bodyOf(init.body)
    this.seen.push({ method, path, body, headers: new Headers(init.headers) })
    const at = this.faults.findIndex(({ match }) => match.test(`${method} ${path}`))
    const [found] = at < 0 ? [] : this.faults.splice(at, 1)
    init.signal?.throwIfAborted()
    if (found?.fault === 'never')
      return new Promise((_, reject) =>
        init.signal?.addEventListener('abort', () => reject(init.signal?.reason)),
      )
    if (found?.fault instanceof Error) throw found.fault
    return found?.fault ?? this.#answer(path, body as Record<string, unknown>)
  }

  /** The next requests that fit fail. */
  fail(match: RegExp, ...faults: Fault[]): void {
    for (const fault of faults) this.faults.push({ match, fault })
  }

  /** The requests that fit. */
  requests(match: RegExp): Seen[] {
    return this.seen.filter(({ method, path }) => match.test(`${method} ${path}`))
  }

  post(channelId: string, given: object = {}) {
    const message = {
      id: String(this.#nextId++),
      channel_id: channelId,
      author: kim,
      content: 'hi',
      timestamp: '2026-11-28T12:00:00.000Z',
      edited_timestamp: null,
      attachments: [],
      ...given,
    }
    this.messages.push(message)
    return message
  }

  #answer(path: string, body: Record<string, unknown>): Response {
    const [, channelId = ''] = /^\/channels\/(\d+)/.exec(path) ?? []
    const query = new URLSearchParams(path.split('?')[1])
    if (path === '/users/@me') return Response.json({ ...ada, ...body })
    if (path === '/gateway') return Response.json({ url: 'ws://gateway.test/' })
    if (path === '/users/@me/guilds') return Response.json([{ id: '5' }])
    if (path === '/guilds/5/channels') return Response.json(this.#channels())
    if (/messages\?/.test(path)) {
      const after = Number(query.get('after') ?? 0)
      const all = this.messages.filter(
        ({ id, channel_id }) => channel_id === channelId && Number(id) > after,
      )
      const limit = Number(query.get('limit'))
      return Response.json(after > 0 ? all.slice(0, limit).reverse() : all.slice(-limit).reverse())
    }
    if (/messages$/.test(path)) {
      const { content, nonce } = body as { content: string; nonce: string }
      const known = this.messages.find((each) => each.nonce === nonce)
      return Response.json(known ?? this.post(channelId, { author: ada, content, nonce }))
    }
    return new Response(null, { status: 204 })
  }

  #channels(): object[] {
    const of = (id: string, name: string, type = 0, position = 0) => ({
      id,
      name,
      type,
      position,
      topic: null,
      last_message_id: this.messages.findLast(({ channel_id }) => channel_id === id)?.id ?? null,
    })
    return [of('11', 'deck', 0, 1), of('10', 'general'), of('12', 'voice', 2)]
  }
}

async function bodyOf(body: BodyInit | null | undefined): Promise<unknown> {
  if (body instanceof FormData) {
    const files = [...body.keys()].filter((name) => name.startsWith('files['))
    return { ...JSON.parse(String(body.get('payload_json'))), files }
  }
  return body === undefined || body === null ? undefined : JSON.parse(String(body))
}
