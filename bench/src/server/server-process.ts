// The server of the suites over HTTP, in a process of its own; tells its counts when asked.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import process from 'node:process'
import type { ServerCounts } from './start-server.ts'

const ok = JSON.stringify({ id: '1', content: 'x'.repeat(200) })
/** How often each path refuses a call before it answers, and with how large a body. */
const refusals: Readonly<Record<string, readonly [times: number, body: string]>> = {
  '/small-errors': [2, 'x'.repeat(1024)],
  '/large-errors': [2, 'x'.repeat(128 * 1024)],
}
const triesOf = new Map<string, number>()
const counts: ServerCounts = { requests: 0, connections: 0 }

const server = createServer((request, response) => {
  counts.requests++
  request.resume()
  const url = new URL(request.url ?? '/', 'http://localhost')
  const path = url.pathname.replace(/^\/v\d+/, '')
  const call = url.searchParams.get('call')
  const [times, body] = refusals[path] ?? [0, '']
  const tries = (call && triesOf.get(call)) || 0
  if (call && tries < times) {
    triesOf.set(call, tries + 1)
    response.writeHead(503, { 'content-type': 'text/plain', 'content-length': body.length })
    response.end(body)
    return
  }
  if (call) triesOf.delete(call)
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': ok.length })
  response.end(ok)
})
server.keepAliveTimeout = 60_000
server.on('connection', () => {
  counts.connections++
})
server.listen(0, '127.0.0.1', () => {
  process.on('message', () => process.send?.(counts))
  process.once('disconnect', () => process.exit())
  process.send?.((server.address() as AddressInfo).port)
})
