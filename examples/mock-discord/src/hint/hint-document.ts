import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { crossOrigin } from '../cross-origin.ts'

/** Where the level is published for whoever has not called yet. */
const hintPath = '/.well-known/fleet-hint'

/**
 * Adds the document that says the level before the first call: the field and nothing else, cacheable for the period of a
 * level, so that a CDN may answer a million clients with one look.
 */
export function hintDocument(
  app: FastifyInstance,
  now: () => { readonly field: string | undefined; readonly periodMs: number },
): void {
  app.get(hintPath, ({ headers }, reply) => {
    const { field, periodMs } = now()
    reply.headers(crossOrigin(headers))
    if (field === undefined) {
      return reply
        .code(404)
        .header('cache-control', 'no-store')
        .send({ error: 'no fleet hint is published' })
    }
    const etag = `"${createHash('sha256').update(field).digest('base64url').slice(0, 16)}"`
    reply.headers({
      etag,
      'cache-control': `public, max-age=${Math.max(1, Math.round(periodMs / 1_000))}`,
      'fleet-hint': field,
    })
    if (isKnown(headers['if-none-match'], etag)) return reply.code(304).send()
    return reply.type('text/plain; charset=utf-8').send(`${field}\n`)
  })
}

/** Whether a client has it already (RFC 9110, 13.1.2: compared weakly). */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = ifNoneMatch?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? []
  return tags.includes('*') || tags.includes(etag)
}
