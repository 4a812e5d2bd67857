import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Where a page finds what the sources import by name. */
const imports = {
  '@evenkeel/core': '/packages/core/src/index.ts',
  '@evenkeel/core/network': '/packages/core/src/network/index.ts',
  '@evenkeel/core/persistence': '/packages/core/src/persistence/index.ts',
  '@evenkeel/retry': '/packages/retry/src/index.ts',
  idb: '/packages/outbox/node_modules/idb/build/index.js',
  'is-network-error': '/packages/retry/node_modules/is-network-error/index.js',
  'p-retry': '/packages/retry/node_modules/p-retry/index.js',
}

const page = (script: string): string =>
  `<!doctype html><script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module" src="${script}"></script>`

/** Serves a page that runs a script of this repository as it is, without its types; all POSTs are the test's. */
export async function sourceServer(
  script: URL,
  onPost: (request: IncomingMessage, response: ServerResponse) => void,
) {
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') return onPost(request, response)
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (pathname === '/')
      return response
        .setHeader('content-type', 'text/html')
        .end(page(script.pathname.slice(root.length - 1)))
    const source = await readFile(root + pathname, 'utf8').catch(() => undefined)
    if (source === undefined) return response.writeHead(404).end()
    response.setHeader('content-type', 'text/javascript')
    response.setHeader('cache-control', 'max-age=600')
    response.end(pathname.endsWith('.ts') ? stripTypeScriptTypes(source) : source)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
