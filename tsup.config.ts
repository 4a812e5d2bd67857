import { globSync, readFileSync } from 'node:fs'
import { defineConfig, type Options } from 'tsup'

// One config for every package: tsup runs inside the package's own folder, and
// builds what its manifest says it exports, and runs.
const {
  exports,
  imports,
  bin = {},
} = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Record<string, string | { '@evenkeel/source': string }>
  imports?: object
  bin?: Record<string, string>
}

// `Disposable` and `Symbol.dispose` are newer than the library users may compile with.
const isDisposable = globSync('src/**/*.ts').some((path) =>
  /Disposable|Symbol\.dispose/.test(readFileSync(path, 'utf8')),
)

/**
 * Makes numbers `const` again, of which esbuild makes a `var` as of whatever stands at the top of a module: an app's bundler
 * puts the number itself in the place of a constant.
 */
function keepConstants(code: string): string {
  return code.replace(/^var (\w+) = (?:-?[\d.e]+);$/gm, (line, name: string) => {
    const assigned = String.raw`(?:[-+*/%&|^]|\*\*|<<|>>>?|&&|\|\||\?\?)?= `
    const isSet = new RegExp(
      String.raw`(?<!var )\b${name} ${assigned}|(?:\+\+|--)${name}\b|\b${name}(?:\+\+|--)`,
    )
    return isSet.test(code) ? line : line.replace('var', 'const')
  })
}

const build: Options = {
  entry: [
    ...Object.values(exports).flatMap((target) =>
      typeof target === 'string' ? [] : [target['@evenkeel/source']],
    ),
    ...Object.values(bin).map((path) => path.replace(/^\.\/dist\/(.*)\.js$/, './src/$1.ts')),
    // A file of its own: bundlers keep the eventemitter3 that it imports wherever it is part of another.
    ...globSync('src/listenable.ts'),
    // A thread's own file.
    ...globSync('src/storm-worker.ts'),
  ],
  format: ['esm'],
  dts: { banner: isDisposable ? '/// <reference lib="esnext.disposable" />' : '' },
  // The build for browsers clears its own folder.
  clean: ['!browser/**'],
  sourcemap: true,
  treeshake: true,
  plugins: [{ name: 'constants', renderChunk: (code) => ({ code: keepConstants(code) }) }],
  target: 'es2022',
  platform: 'neutral',
  // Deno and bundlers know Node's modules by `node:`.
  removeNodeProtocol: false,
  external: [/^node:/],
}

// `#platform` is another file in browsers. It is part of either build: Metro, of React Native, knows no `imports`.
const forBrowsers: Options = {
  ...build,
  outDir: 'dist/browser',
  dts: false,
  clean: true,
  esbuildOptions(options) {
    options.conditions = ['browser']
  },
}

export default defineConfig(imports ? [build, forBrowsers] : build)
