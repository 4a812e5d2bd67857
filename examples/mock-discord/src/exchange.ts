import type { APIUser } from 'discord-api-types/v10'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { parseBody, type RequestBody } from './request-body.ts'
import { ApiError, invalidForm } from './routes/api-error.ts'
import type { Fields } from './routes/form.ts'
import type { PartReply, PartRequest, Route, RouteContext, UploadedFile } from './routes/route.ts'
import type { SocketGateway } from './sockets/socket-gateway.ts'
import type { ApiRequest } from './stage.ts'
import { isSnowflake } from './store/snowflakes.ts'
import type { Store } from './store/store.ts'

const priorities = new Set(['critical', 'important', 'deferred'])
const idParams = ['channel', 'guild', 'message', 'user', 'webhook'] as const

const header = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

/** Answers a part of a batch, with the headers and the signal of the batch. */
export type Dispatch = (
  part: PartRequest,
  headers: Readonly<Record<string, string>>,
  gone: AbortSignal,
) => Promise<PartReply>

/** Whose a request is, how often it was tried and how much it matters: what its parts have from a batch. */
const inherited = [
  'authorization',
  'x-client-id',
  'x-attempt',
  'x-priority',
  'fleet-level',
] as const

/** One request on its way through: what the stages see, and what its route sees. */
export class Exchange implements ApiRequest, RouteContext {
  readonly id: number
  readonly method: string
  readonly route: string
  readonly service: ApiRequest['service']
  readonly write: boolean
  readonly ip: string
  readonly credential: string
  readonly client: string
  readonly attempt: number
  readonly priority: ApiRequest['priority']
  readonly level: number | undefined
  readonly params: Readonly<Record<string, string>>
  readonly query: Fields
  readonly store: Store
  readonly gateway: SocketGateway
  readonly baseUrl: string
  readonly files: readonly UploadedFile[]
  readonly text: string
  readonly contentType: string
  /** Whether it is part of a batch, which has passed the gateway. */
  readonly isPart: boolean
  readonly #dispatch: Dispatch
  readonly #request: FastifyRequest
  readonly #reply: FastifyReply
  readonly #rawBody: RequestBody
  #body: Fields | undefined
  #gone: AbortController | undefined

  constructor(
    id: number,
    route: Route,
    request: FastifyRequest,
    reply: FastifyReply,
    body: RequestBody,
    site: Pick<RouteContext, 'store' | 'gateway' | 'baseUrl'> & {
      readonly isPart: boolean
      readonly dispatch: Dispatch
    },
  ) {
    const priority = header(request, 'x-priority') ?? ''
    const level = header(request, 'fleet-level')
    this.id = id
    this.method = request.method
    this.route = route.path
    this.service = body.files.length > 0 ? 'files' : route.service
    this.write = request.method !== 'GET'
    this.ip = header(request, 'x-forwarded-for')?.split(',')[0] ?? request.ip
    this.credential = header(request, 'authorization') || this.ip
    this.client = header(request, 'x-client-id') ?? this.credential
    this.attempt = Math.max(1, Number.parseInt(header(request, 'x-attempt') ?? '1', 10) || 1)
    this.priority = priorities.has(priority)
      ? (priority as ApiRequest['priority'])
      : body.files.length > 0
        ? 'important'
        : (route.priority ?? 'important')
    this.level = level ? Number(level) : undefined
    this.params = (request.params ?? {}) as Record<string, string>
    this.query = (request.query ?? {}) as Fields
    this.store = site.store
    this.gateway = site.gateway
    this.baseUrl = site.baseUrl
    this.files = body.files
    this.text = body.text
    this.contentType = header(request, 'content-type') ?? ''
    this.isPart = site.isPart
    this.#dispatch = site.dispatch
    this.#request = request
    this.#reply = reply
    this.#rawBody = body
  }

  get path(): string {
    const path = this.#request.url.replace(/\?.*/, '').replace(/^\/api\/v10/, '')
    try {
      return decodeURIComponent(path)
    } catch {
      return path
    }
  }

  get viewer(): APIUser {
    return this.store.users.of(this.credential)
  }

  get isGone(): boolean {
    const { raw } = this.#reply
    return raw.destroyed && !raw.writableFinished
  }

  // Made when someone asks: most requests are answered before anyone does.
  get gone(): AbortSignal {
    if (!this.#gone) {
      const controller = new AbortController()
      this.#gone = controller
      const { raw } = this.#reply
      if (this.isGone) controller.abort()
      else raw.once('close', () => this.isGone && controller.abort())
    }
    return this.#gone.signal
  }

  /** The channel, guild, or webhook with its token: each has buckets of its own. */
  get major(): string {
    const { channel, guild, webhook, token } = this.params
    return channel ?? guild ?? (webhook && token ? `${webhook}/${token}` : (webhook ?? 'global'))
  }

  body = (): Fields => {
    this.#body ??= parseBody(this.#rawBody)
    return this.#body
  }

  dispatch = (part: PartRequest): Promise<PartReply> => {
    const own: Record<string, string> = { 'x-forwarded-for': this.ip }
    for (const name of inherited) {
      const value = header(this.#request, name)
      if (value !== undefined) own[name] = value
    }
    return this.#dispatch(part, { ...own, ...part.headers }, this.gone)
  }

  /** The body's fields for the limits, which let a broken one through to its route. */
  fields = (): Fields => {
    try {
      return this.body()
    } catch (error) {
      if (error instanceof ApiError) return {}
      throw error
    }
  }

  /** @throws ApiError for a body that was too large, or an id in the path that is none */
  check(): void {
    if (this.#rawBody.error) throw this.#rawBody.error
    for (const name of idParams) {
      const id = this.params[name]
      if (id === undefined || isSnowflake(id)) continue
      const message = `Value "${id}" is not snowflake.`
      throw invalidForm({ [`${name}_id`]: { code: 'NUMBER_TYPE_COERCE', message } })
    }
  }
}
