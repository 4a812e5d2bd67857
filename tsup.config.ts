import { globSync, readFileSync } from 'node:fs'
import { defineConfig } from 'tsup'

// One config for every package: tsup runs inside the package's own folder, and
// builds what its manifest says it exports, and runs.
const {
  exports,
  imports = {},
  bin = {},
} = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Record<string, string | { '@evenkeel/source': string }>
  imports?: Record<string, { '@evenkeel/source': Record<string, string> }>
  bin?: Record<string, string>
}

// `Disposable` and `Symbol.dispose` are newer than the library users may compile with.
const isDisposable = globSync('src/**/*.ts').some((path) =>
  /Disposable|Symbol\.dispose/.test(readFileSync(path, 'utf8')),
)

export default defineConfig({
  entry: [
    ...Object.values(exports).flatMap((target) =>
      typeof target === 'string' ? [] : [target['@evenkeel/source']],
    ),
    // What differs from platform to platform.
    ...Object.values(imports).flatMap((target) => Object.values(target['@evenkeel/source'])),
    ...Object.values(bin).map((path) => path.replace(/^\.\/dist\/(.*)\.js$/, './src/$1.ts')),
    // A file of its own: bundlers keep the eventemitter3 that it imports wherever it is part of another.
    ...globSync('src/listenable.ts'),
    // A thread's own file.
    ...globSync('src/storm-worker.ts'),
  ],
  format: ['esm'],
  dts: { banner: isDisposable ? '/// <reference lib="esnext.disposable" />' : '' },
  clean: true,
  sourcemap: true,
  treeshake: true,
  target: 'es2022',
  platform: 'neutral',
  // Deno and bundlers know Node's modules by `node:`.
  removeNodeProtocol: false,
  external: [/^node:/, /^#/],
})
