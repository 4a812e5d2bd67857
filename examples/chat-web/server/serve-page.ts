import { fileURLToPath } from 'node:url'
import { build, type Connect, createServer, type InlineConfig, type Plugin, preview } from 'vite'

/** A page that is being served. */
export interface ServedPage {
  /** As in `http://127.0.0.1:4173/`. */
  readonly url: string
  close(): Promise<void>
}

export interface PageOptions {
  /** What the page reads from `/config.json`. */
  readonly config: object
  /** @defaultValue 0, a free one */
  readonly port?: number | undefined
  /** Where the page is built. @defaultValue `dist` */
  readonly outDir?: string | undefined
  /** Serves the sources, and changes with them, instead of a built page. @defaultValue `false` */
  readonly isLive?: boolean | undefined
}

const root = fileURLToPath(new URL('..', import.meta.url))
const host = '127.0.0.1'

/** Builds the page and serves it, or serves its sources. */
export async function servePage({
  config,
  port = 0,
  outDir = 'dist',
  isLive = false,
}: PageOptions): Promise<ServedPage> {
  const common: InlineConfig = { root, logLevel: 'warn', plugins: [configRoute(config)] }
  if (isLive) {
    const server = await createServer({ ...common, server: { host, port } })
    await server.listen()
    return { url: urlOf(server), close: () => server.close() }
  }
  await build({ root, logLevel: 'warn', build: { outDir, emptyOutDir: true } })
  const server = await preview({ ...common, build: { outDir }, preview: { host, port } })
  return { url: urlOf(server), close: () => server.close() }
}

function urlOf({ resolvedUrls }: { resolvedUrls: { local: string[] } | null }): string {
  return resolvedUrls?.local[0] ?? ''
}

/** Where the server of the chat is, is known only now. */
function configRoute(config: object): Plugin {
  const serve = ({ middlewares }: { middlewares: Connect.Server }): void => {
    middlewares.use('/config.json', (_request, response) => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(config))
    })
  }
  return { name: 'config', configureServer: serve, configurePreviewServer: serve }
}
