// Installs the packed packages with npm into empty projects of the kinds that
// people have, and compiles and runs the first example of the README there.
import { readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { startLoopbackServer } from '../test/loopback-server.ts'
import { readWorkspace } from './layers/read-workspace.mjs'
import { chromiumPath, hasChromium, openPage } from './packed/open-page.mjs'
import { install, nodeCommand, root, run, tryAll, withTarballs } from './packed/pack.mjs'
import { extractFences } from './snippets/extract-fences.mjs'

const readme = 'packages/fetch/README.md'
const standIn = new URL('./snippets/stand-in.mjs', import.meta.url).href
const typescript = 'typescript@~6.0.3'
const reactNative = [
  'metro@0.87',
  '@babel/core@7',
  // Whose AbortController React Native has up to 0.87.
  'abort-controller@3',
  ...['babel-preset', 'js-polyfills', 'metro-babel-transformer'].map(
    (name) => `@react-native/${name}@0.88`,
  ),
]
const metroArgs = ['--platform', 'ios', '--config', 'metro.config.cjs']
/** What only Node.js has a use for. */
const nodeOnly = /^@evenkeel\/(storm-lab|outbox\/file)/

function firstExample() {
  const fences = extractFences(readme, readFileSync(join(root, readme), 'utf8'))
  const example = fences.find(({ language }) => language === 'ts')
  if (!example) throw new Error(`${readme} has no ts fence`)
  return example.code
}

/** Every entry point of every package: `@evenkeel/core`, `@evenkeel/core/testing`. */
function entryPoints() {
  return readWorkspace(root)
    .filter(({ folder }) => folder.startsWith('packages/'))
    .flatMap(({ manifest: { name, exports = {} } }) =>
      Object.entries(exports)
        .filter(([, target]) => typeof target !== 'string')
        .map(([subpath]) => name + subpath.slice(1)),
    )
}

const example = firstExample()
const entries = entryPoints()
const { origin, close } = await startLoopbackServer()

await withTarballs(async (folder, tarballs) => {
  const [typed, page, phone, commonjs] = ['typescript', 'vite', 'react-native', 'commonjs'].map(
    (name) => join(folder, name),
  )
  if (!typed || !page || !phone || !commonjs) return
  await install('consumers/typescript', typed, [...tarballs, typescript])
  await install('consumers/vite', page, [...tarballs, 'vite@8'])
  await install('consumers/react-native', phone, [...tarballs, ...reactNative])
  await install('consumers/commonjs', commonjs, tarballs)
  await writeFile(join(typed, 'example.ts'), `${example}\n`)
  await writeFile(join(page, 'example.ts'), `${example}\n`)
  const imports = entries.map((entry, index) => `export * as e${index} from '${entry}'\n`)
  await writeFile(join(typed, 'entries.ts'), imports.join(''))
  const onPhones = entries.filter((entry) => !nodeOnly.test(entry))
  await writeFile(join(phone, 'entries.js'), onPhones.map((name) => `import '${name}'\n`).join(''))
  // No module of such a bundle may wait.
  const [head, ...body] = example.split('\n\n')
  const waiting = `;(async () => {\n${body.join('\n')}\n})()`
  await writeFile(join(phone, 'index.js'), `import './entries.js'\n${head}\n${waiting}\n`)

  /** @type {(kind: string) => () => Promise<void>} */
  const compileAndRun = (kind) => async () => {
    await run(typed, 'npx', 'tsc', '--project', `tsconfig.${kind}.json`)
    await run(typed, 'node', '--import', standIn, join(kind, 'entries.js'))
    await run(typed, 'node', '--import', standIn, join(kind, 'example.js'))
  }
  const failed = await tryAll({
    'TypeScript, module node16': compileAndRun('node16'),
    'TypeScript, module nodenext': compileAndRun('nodenext'),
    'TypeScript, moduleResolution bundler': compileAndRun('bundler'),
    'a page built by Vite': async () => {
      await run(page, 'npx', 'vite', 'build', '--logLevel', 'warn')
      if (hasChromium) await openPage(join(page, 'dist'))
      else if (process.env.CI) throw new Error(`${chromiumPath} is missing`)
      else console.log(`     (built but not opened: ${chromiumPath} is missing)`)
    },
    'an app bundled by Metro for React Native': async () => {
      /** @type {(entry: string, out: string) => Promise<string>} */
      const bundle = (entry, out) =>
        run(phone, 'npx', 'metro', 'build', entry, '--out', out, ...metroArgs)
      await bundle('smoke.js', 'smoke-bundle.js')
      await run(phone, 'node', 'phone.mjs', 'smoke-bundle.js', origin)
      await bundle('index.js', 'bundle.cjs')
      const said = await run(phone, 'node', '--import', standIn, 'bundle.cjs')
      if (!said.includes('200')) throw new Error(`The example said ${said}`)
    },
    "the storm lab's command": async () => {
      await writeFile(join(typed, 'policy.ts'), 'export default { retry: { maxRetries: 1 } }\n')
      const args = ['outage-60s', '--clients', '50', '--policy', 'policy.ts']
      const table = await run(typed, 'npx', 'storm-lab', 'run', ...args, '--report', 'storm.html')
      if (!/evenkeel +policy\n/.test(table)) throw new Error(`no policy in\n${table}`)
      if (!(await readFile(join(typed, 'storm.html'), 'utf8')).includes('uPlot'))
        throw new Error('the page has no charts')
    },
    'CommonJS JavaScript on Node.js 22': () =>
      run(commonjs, ...nodeCommand(22), 'main.js', origin, ...entries),
  })
  process.exitCode = failed > 0 ? 1 : 0
})
await close()
