// Runs everything `npm test` promises, says how long each part took, and ends
// with one line that counts the tests; a check that fails counts as one of them.
import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const checks = [
  ...['build', 'typecheck', 'check:package', 'check:types', 'lint', 'check:layers'],
  ...['check:snippets', 'knip', 'size', 'docs:api'],
]
const root = fileURLToPath(new URL('..', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'evenkeel-test-'))
const summaries = join(root, '.turbo/runs')
/** @type {string[]} */
const timings = []
/** @type {string[]} */
const failed = []

/** @type {(name: string, file: string, ...args: string[]) => boolean} */
function step(name, file, ...args) {
  console.log(`\n── ${name}`)
  const startMs = performance.now()
  const { status, error } = spawnSync(file, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, EVENKEEL_COUNTS: join(scratch, `${timings.length}.json`) },
  })
  if (error) console.error(error.message)
  timings.push(`${seconds(performance.now() - startMs)}  ${name}`)
  return status === 0
}

/** @type {(durationMs: number) => string} */
function seconds(durationMs) {
  return `${(durationMs / 1000).toFixed(1).padStart(6)} s`
}

/** Runs the checks of turbo.json; what went wrong, and how long it took, is in turbo's summary. */
function runChecks() {
  rmSync(summaries, { recursive: true, force: true })
  const args = ['run', ...checks, '--continue=dependencies-successful', '--summarize']
  const ok = step(`checks: ${checks.join(', ')}`, 'turbo', ...args, '--output-logs=errors-only')
  const [summary] = globSync(join(summaries, '*.json'))
  const { tasks = [] } = summary ? read(summary) : {}
  /** @type {Map<string, number>} */
  const times = new Map()
  for (const { taskId, task, execution } of tasks) {
    if (!execution) continue
    const { startTime, endTime, exitCode } = execution
    times.set(task, (times.get(task) ?? 0) + endTime - startTime)
    if (exitCode !== 0) failed.push(taskId.replace(/^\/\/#/, ''))
  }
  for (const [task, durationMs] of times) timings.push(`${seconds(durationMs)}    of it ${task}`)
  if (!ok && failed.length === 0) failed.push('checks')
}

const total = { passed: 0, failed: 0, skipped: 0 }

/** @type {(name: string, ...args: string[]) => { ok: boolean, counts: any }} */
function vitest(name, ...args) {
  const ok = step(name, 'vitest', 'run', ...args)
  const [file] = globSync(join(scratch, '*.json'))
  const counts = file ? read(file) : {}
  if (file) rmSync(file)
  return { ok, counts }
}

/** @type {(name: string, ...args: string[]) => void} */
function runTests(name, ...args) {
  let run = vitest(name, ...args)
  // No JavaScript can do that, only the engine that runs it: says nothing of the code, if it does not come again.
  if (run.counts.crashed) run = vitest(`${name}, again, as Node.js crashed`, ...args)
  const { ok, counts } = run
  const { passed = 0, failed: failures = 0, skipped = 0 } = counts
  total.passed += passed
  total.failed += failures
  total.skipped += skipped
  // Vitest may also fail as a whole, by its configuration or by too little coverage.
  if (!ok && failures === 0) failed.push(name)
}

/** @type {(path: string) => any} */
function read(path) {
  return JSON.parse(readFileSync(path, 'utf8'))
}

runChecks()
if (!step('browser engines', 'node', 'scripts/browsers.mjs')) failed.push('browser engines')
if (failed.length === 0) {
  if (!step('packed packages, each runtime', 'node', 'scripts/runtimes.mjs'))
    failed.push('runtimes')
  if (!step('packed packages, each kind of project', 'node', 'scripts/consumers.mjs'))
    failed.push('consumers')
} else {
  console.log('\nThe packed packages are not tried, since a check failed.')
}
runTests('unit tests and their coverage', '--project=unit', '--coverage')
runTests('simulations', '--project=simulation')
runTests('tests with real sockets and browsers', '--project=!unit', '--project=!simulation')
rmSync(scratch, { recursive: true })

console.log(`\n${timings.join('\n')}`)
if (failed.length > 0) console.log(`\nFailed: ${failed.join(', ')}`)
const failures = total.failed + failed.length
console.log(`\n${total.passed} passed, ${failures} failed, ${total.skipped} skipped`)
process.exit(failures > 0 ? 1 : 0)
