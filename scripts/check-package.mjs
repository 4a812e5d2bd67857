// Checks the package in the current folder as its users will get it: packs it,
// runs publint and attw on the tarball, then compares the public API of each
// entry point with the report in etc/. With --update it rewrites the reports.
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import {
  CompilerState,
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  ExtractorMessageCategory,
} from '@microsoft/api-extractor'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = process.cwd()
const update = process.argv.includes('--update')
const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
/** @type {string[]} */
const problems = []

/** @type {(path: string) => Promise<void>} */
async function checkTarball(path) {
  const { buffer } = new Uint8Array(readFileSync(path))
  const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true })
  for (const message of messages) problems.push(`publint: ${formatMessage(message, pkg)}`)

  const attw = join(root, 'node_modules/.bin/attw')
  const { status, stdout, stderr } = spawnSync(
    attw,
    [path, '--profile', 'esm-only', '--format', 'ascii', '--no-emoji'],
    { encoding: 'utf8' },
  )
  if (status !== 0) problems.push(`attw:\n${stdout}${stderr}`)
}

function pack() {
  const destination = mkdtempSync(join(tmpdir(), 'evenkeel-package-'))
  const { status, stdout, stderr, error } = spawnSync(
    'pnpm',
    ['pack', '--pack-destination', destination],
    { encoding: 'utf8', shell: process.platform === 'win32' },
  )
  const [tarball] = readdirSync(destination)
  if (status !== 0 || !tarball)
    throw new Error(`pnpm pack failed: ${stdout}${stderr}`, { cause: error })
  return { destination, tarball: join(destination, tarball) }
}

/** The built declaration file of each entry point, by the name of its report. */
function entryPoints() {
  /** @type {Array<{ report: string, types: string }>} */
  const found = []
  const short = manifest.name.replace(/^@.*\//, '')
  for (const [subpath, target] of Object.entries(manifest.exports)) {
    if (typeof target === 'string') continue
    const report = [short, ...subpath.split('/').slice(1)].join('-')
    found.push({ report, types: resolve(target.types) })
  }
  return found
}

/** @type {(entries: Array<{ report: string, types: string }>) => void} */
function checkApi(entries) {
  const configs = entries.map(({ report, types }) => {
    const configObject = ExtractorConfig.loadFile(join(root, 'api-extractor.base.json'))
    configObject.projectFolder = folder
    configObject.mainEntryPointFilePath = types
    configObject.compiler = { tsconfigFilePath: join(root, 'tsconfig.api.json') }
    if (configObject.apiReport) configObject.apiReport.reportFileName = report
    // A subpath may speak of types that the main entry point exports.
    const messages = configObject.messages?.extractorMessageReporting
    if (messages && types !== entries[0]?.types)
      messages['ae-forgotten-export'] = { logLevel: ExtractorLogLevel.None }
    return ExtractorConfig.prepare({
      configObject,
      configObjectFullPath: undefined,
      packageJsonFullPath: resolve('package.json'),
    })
  })
  const [first] = configs
  if (!first) return
  const compilerState = CompilerState.create(first, {
    additionalEntryPoints: entries.map(({ types }) => types),
  })
  mkdirSync('etc', { recursive: true })
  for (const config of configs) {
    const shown = relative(root, config.reportFilePath)
    const { apiReportChanged } = Extractor.invoke(config, {
      compilerState,
      localBuild: update,
      messageCallback(message) {
        message.handled = true
        const { Compiler } = ExtractorMessageCategory
        if (message.logLevel === ExtractorLogLevel.Error || message.category === Compiler)
          problems.push(`api: ${message.text}`)
      },
    })
    if (apiReportChanged && update) console.log(`Rewrote ${shown}`)
    else if (apiReportChanged)
      problems.push(
        `The public API differs from ${shown}. If that is meant, run \`pnpm api\`:\n` +
          difference(config.reportFilePath, config.reportTempFilePath),
      )
  }
}

/** Metro, the bundler of React Native, knows no `imports` of a manifest: what is built must not ask for any. */
function checkImports() {
  for (const path of globSync('dist/**/*.js'))
    if (/\b(from|import) ?\(?['"]#/.test(readFileSync(path, 'utf8')))
      problems.push(`${path} imports by the manifest's "imports"`)
}

/** @type {(before: string, after: string) => string} */
function difference(before, after) {
  const { stdout } = spawnSync(
    'git',
    ['diff', '--no-index', '--no-color', existsSync(before) ? before : '/dev/null', after],
    { encoding: 'utf8' },
  )
  return (stdout ?? '').split('\n').slice(4).join('\n')
}

/** @type {(entries: Array<{ report: string }>) => void} */
function checkStaleReports(entries) {
  const wanted = entries.map(({ report }) => `${report}.api.md`)
  for (const name of existsSync('etc') ? readdirSync('etc') : []) {
    if (wanted.includes(name)) continue
    if (update) rmSync(join('etc', name))
    else problems.push(`etc/${name} belongs to no entry point: run \`pnpm api\``)
  }
}

const entries = entryPoints()
const unbuilt = entries.filter(({ types }) => !existsSync(types))
if (unbuilt.length > 0) {
  problems.push(`Not built: ${unbuilt.map(({ types }) => relative(root, types)).join(', ')}`)
} else {
  if (!update) {
    const { destination, tarball } = pack()
    try {
      await checkTarball(tarball)
    } finally {
      rmSync(destination, { recursive: true })
    }
  }
  checkImports()
  checkApi(entries)
  checkStaleReports(entries)
}
for (const problem of problems) console.error(`${manifest.name}: ${problem}`)
process.exit(problems.length > 0 ? 1 : 0)
