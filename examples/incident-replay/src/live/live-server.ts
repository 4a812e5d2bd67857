import type { AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { fastify } from 'fastify'
import type { LiveEvent, Recording } from './recording.ts'

/** The live page, served. */
export interface LiveServer {
  /** As in `http://127.0.0.1:8080/`. */
  readonly url: string
  /** Ends when everybody has been told all, and after two seconds at the latest. */
  close(): Promise<void>
}

/** How long visitors may take to hear the end. */
const lingerMs = 2_000

/** The page is one file, and asks nobody but this server. */
const policy =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; base-uri 'none'"

/** Serves a page and what it is to be told, on a free port of this machine. */
export async function serveLive(html: string, recording: Recording): Promise<LiveServer> {
  const app = fastify({ forceCloseConnections: 'idle' })
  const visitors = new Set<PassThrough>()
  app.get('/', (_, reply) =>
    reply.type('text/html; charset=utf-8').header('content-security-policy', policy).send(html),
  )
  app.get('/events', (request, reply) => {
    const stream = new PassThrough()
    const tell = ({ type, ...data }: LiveEvent | { readonly type: 'history' }) =>
      stream.write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`)
    visitors.add(stream)
    tell({ type: 'history', ...recording.recorded })
    const unfollow = recording.follow(tell)
    request.raw.on('close', () => {
      unfollow()
      visitors.delete(stream)
      stream.destroy()
    })
    return reply.type('text/event-stream').header('cache-control', 'no-store').send(stream)
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    async close() {
      for (const stream of visitors) stream.end()
      const timer = setTimeout(() => app.server.closeAllConnections(), lingerMs)
      await app.close()
      clearTimeout(timer)
    },
  }
}
