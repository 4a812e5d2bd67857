import type { Exchange } from './exchange.ts'
import type { Limits } from './limits/limits.ts'
import type { BucketState } from './limits/rate-limit-reply.ts'
import type { Machinery, Outcome, OutgoingReply } from './machinery.ts'
import { ApiError, refused } from './routes/api-error.ts'
import type { Route } from './routes/route.ts'

/** What a request came to, and who ended it. */
export interface Answer {
  readonly by: Outcome['by']
  readonly reply: OutgoingReply | 'drop'
}

/** What a request has to pass. */
export interface PipelineParts {
  readonly limits: Limits
  readonly machinery: Machinery
  /** Without them every token is good. */
  readonly tokens: ReadonlySet<string> | undefined
}

/** Stands on everything Discord itself answers; Cloudflare's own pages have none. */
const via = { via: '1.1 google' }

/** Takes a request through all that stands before its route, through the route, and back. */
export async function answer(
  route: Route,
  exchange: Exchange,
  parts: PipelineParts,
): Promise<Answer> {
  const { limits, machinery } = parts
  const banned = limits.edge(exchange.ip)
  if (banned) return { by: 'limits', reply: banned }
  const faulty = await machinery.faults(exchange)
  if (faulty) return { by: 'faults', reply: faulty }
  const held = exchange.isPart ? undefined : await machinery.gateway(exchange)
  if (held) return { by: 'gateway', reply: held }
  if (!route.open && !isAuthorized(exchange, parts.tokens)) {
    return { by: 'limits', reply: errorReply(refused.unauthorized()) }
  }
  const { reply: limited, bucket } = route.unlimited
    ? {}
    : limits.take({
        credential: exchange.credential,
        rule: route.rule?.(exchange) ?? `${route.method} ${route.path}`,
        major: exchange.major,
        fields: exchange.fields,
      })
  if (limited) return { by: 'limits', reply: limited }
  const failed = await machinery.backend(exchange)
  if (failed) return { by: 'backend', reply: failed }
  const reply = withHeaders(await run(route, exchange), bucket && limits, bucket)
  return { by: 'route', reply: await machinery.outgoing(exchange, reply) }
}

function isAuthorized({ credential }: Exchange, tokens: PipelineParts['tokens']): boolean {
  return !tokens || tokens.has(credential.replace(/^(Bot|Bearer) /, ''))
}

async function run(route: Route, exchange: Exchange): Promise<OutgoingReply> {
  try {
    exchange.check()
    return await route.handle(exchange)
  } catch (error) {
    if (error instanceof ApiError) return errorReply(error)
    process.emitWarning(error as Error)
    return errorReply(new ApiError(500, 0, '500: Internal Server Error'))
  }
}

function errorReply(error: ApiError): OutgoingReply {
  const headers = { 'content-type': 'application/json', ...via }
  return { status: error.status, headers, body: error.body() }
}

function withHeaders(
  reply: OutgoingReply,
  limits: Limits | undefined,
  bucket: BucketState | undefined,
): OutgoingReply {
  const limited = limits && bucket && limits.headers(bucket)
  return { ...reply, headers: { ...reply.headers, ...limited, ...via } }
}
