import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { Entry } from './entries.ts'

/** How large something is when it has been bundled. */
export interface Size {
  readonly minifiedBytes: number
  readonly gzipBytes: number
  readonly brotliBytes: number
}

/** Bundles an import for browsers, dependencies included, and minifies it. */
export async function measureSize({ module, names }: Entry): Promise<Size> {
  const from = JSON.stringify(module)
  const contents =
    names === '*'
      ? `export * from ${from}`
      : `export { ${names?.join(', ') ?? 'default'} } from ${from}`
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    // Some of them were written for Node.js alone.
    external: ['node:*', 'events'],
    logLevel: 'error',
  })
  const code = (outputFiles[0] as { contents: Uint8Array }).contents
  return {
    minifiedBytes: code.length,
    gzipBytes: gzipSync(code, { level: 9 }).length,
    brotliBytes: brotliCompressSync(code).length,
  }
}

/** Names an entry as an app would ask for it. */
export function entryName({ module, names }: Entry): string {
  if (names === '*') return `${module}, whole`
  return names ? `${module} { ${names.join(', ')} }` : module
}
