import { randomUUID } from 'node:crypto'
import multipart from '@fastify/multipart'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { crossOrigin } from './cross-origin.ts'
import { type Dispatch, Exchange } from './exchange.ts'
import type { Outcome } from './machinery.ts'
import { answer, type PipelineParts } from './pipeline.ts'
import { type RequestBody, readBody } from './request-body.ts'
import { refused, unknown } from './routes/api-error.ts'
import { apiRoutes } from './routes/api-routes.ts'
import { attachmentRoute } from './routes/attachments.ts'
import type { Route } from './routes/route.ts'
import { drop, send } from './send.ts'
import { plainRequest } from './sockets/plain-request.ts'
import type { SocketGateway } from './sockets/socket-gateway.ts'
import type { Store } from './store/store.ts'

/** What the server serves, and by which clock. */
export interface ServerParts extends PipelineParts {
  readonly store: Store
  readonly gateway: SocketGateway
  readonly now: () => number
}

const methods = ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'] as const
const prefix = '/api/v10'
const partHeader = 'x-mock-part'

const notFound: Route = {
  method: 'GET',
  path: '/*',
  service: 'gateway',
  open: true,
  unlimited: true,
  handle() {
    throw unknown.route()
  },
}

const wrongMethod = (method: Route['method'], path: string): Route => ({
  method,
  path,
  service: 'gateway',
  open: true,
  unlimited: true,
  handle() {
    throw refused.method()
  },
})

/** Builds the HTTP server: every API request goes through the pipeline, known or not. */
export async function createServer(parts: ServerParts): Promise<FastifyInstance> {
  const { now, machinery, limits } = parts
  const app = fastify({
    logger: false,
    forceCloseConnections: true,
    bodyLimit: Number.MAX_SAFE_INTEGER,
    // Clients encode `@me`; routes are told apart before parameters are decoded.
    rewriteUrl: ({ url = '/' }) =>
      url.replace(/^\/api(\/v\d+)?(?=\/)/, prefix).replaceAll('%40', '@'),
    routerOptions: { maxParamLength: 1_000 },
    frameworkErrors(_error, request, reply) {
      serve(notFound, request as FastifyRequest, reply as FastifyReply).catch(
        failed(reply as FastifyReply),
      )
    },
  })
  app.removeAllContentTypeParsers()
  await app.register(multipart)
  // Bodies are read by the pipeline, which counts also those it refuses.
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))

  // Marks the parts of a batch; nobody outside can know it.
  const partToken = randomUUID()

  const dispatch: Dispatch = async ({ method, url, body }, headers, gone) => {
    const reply = await app.inject({
      method: method as 'GET',
      url,
      headers: { ...headers, [partHeader]: partToken },
      ...(body !== undefined && { payload: body }),
      signal: gone,
    })
    const entries = Object.entries(reply.headers).map(([name, value]) => [name, String(value)])
    return { status: reply.statusCode, headers: Object.fromEntries(entries), body: reply.payload }
  }

  /** A bug must not look like a server that hangs: that is a fault one can ask for. */
  const failed = (reply: FastifyReply) => (error: Error) => {
    process.emitWarning(error)
    if (reply.raw.headersSent) reply.raw.destroy()
    else reply.raw.writeHead(500).end()
  }

  let requests = 0
  let baseUrl: string | undefined

  async function serve(route: Route, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    reply.hijack()
    const { raw } = reply
    const startedAt = now()
    const id = ++requests
    baseUrl ??= app.listeningOrigin
    const isPart = request.headers[partHeader] === partToken
    const site = { store: parts.store, gateway: parts.gateway, baseUrl, isPart, dispatch }
    const body: RequestBody | undefined = await readBody(request).catch(() => undefined)
    const exchange = new Exchange(id, route, request, reply, body ?? { text: '', files: [] }, site)
    const end = (by: Outcome['by'], status: Outcome['status'], retryAfterMs?: number) =>
      machinery.observe(exchange, { by, status, durationMs: now() - startedAt, retryAfterMs })
    if (!body) return end('gateway', 'gone')
    const { by, reply: answered } = await answer(route, exchange, parts)
    if (exchange.isGone) return end(by, 'gone')
    if (answered === 'drop') {
      drop(raw)
      return end(by, 'dropped')
    }
    limits.answered(exchange.ip, answered.status, answered.headers)
    send(raw, answered, {
      date: new Date(now()).toUTCString(),
      ...machinery.fields(exchange),
      ...crossOrigin(request.headers),
    })
    const retryAfter = Number.parseFloat(answered.headers['retry-after'] ?? '')
    end(by, answered.status, Number.isNaN(retryAfter) ? undefined : retryAfter * 1_000)
  }

  function add(url: string, route: Route): void {
    app.route({
      url,
      method: route.method,
      exposeHeadRoute: false,
      handler: (request, reply) => serve(route, request, reply).catch(failed(reply)),
    })
  }

  for (const route of apiRoutes) add(prefix + route.path, route)
  for (const path of new Set(apiRoutes.map((route) => route.path))) {
    for (const method of methods) {
      if (!apiRoutes.some((route) => route.path === path && route.method === method)) {
        add(prefix + path, wrongMethod(method, path))
      }
    }
  }
  add(attachmentRoute.path, attachmentRoute)
  app.get('/', (request, reply) => plainRequest(parts.gateway.handshakeFault, request, reply))
  app.options('*', (request, reply) =>
    reply
      .headers({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': methods.join(', '),
        'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*',
        'access-control-max-age': '600',
      })
      .code(204)
      .send(),
  )
  app.setNotFoundHandler((request, reply) => serve(notFound, request, reply).catch(failed(reply)))
  machinery.register(app)
  return app
}
