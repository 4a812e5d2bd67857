// Runs everything `npm test` promises, says how long each step took, and ends
// with one line that counts the tests; a check that fails counts as one of them.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

const checks = [
  ...['build', 'typecheck', 'check:package', 'check:types', 'lint', 'check:layers'],
  ...['check:snippets', 'knip', 'size', 'docs:api'],
]
const scratch = mkdtempSync(join(tmpdir(), 'evenkeel-test-'))
const counts = join(scratch, 'counts.json')
const shell = process.platform === 'win32'
/** @type {string[]} */
const timings = []
/** @type {string[]} */
const failed = []

/** @type {(name: string, file: string, ...args: string[]) => boolean} */
function step(name, file, ...args) {
  console.log(`\n── ${name}`)
  const start = performance.now()
  const env = { ...process.env, EVENKEEL_COUNTS: counts }
  const { status, error } = spawnSync(file, args, { stdio: 'inherit', shell, env })
  if (error) console.error(error.message)
  timings.push(`${name} ${((performance.now() - start) / 1000).toFixed(1)} s`)
  if (status !== 0) failed.push(name)
  return status === 0
}

/** @type {() => { passed: number, failed: number, skipped: number }} */
function readCounts() {
  try {
    return JSON.parse(readFileSync(counts, 'utf8'))
  } catch {
    return { passed: 0, failed: 0, skipped: 0 }
  }
}

const checked = step(
  `checks (${checks.join(' ')})`,
  'turbo',
  ...['run', ...checks, '--continue=dependencies-successful', '--output-logs=errors-only'],
)
step('browser engines', 'node', 'scripts/browsers.mjs')
if (checked) {
  step('packed packages in each runtime', 'node', 'scripts/runtimes.mjs')
  step('packed packages in each kind of project', 'node', 'scripts/consumers.mjs')
} else {
  console.log('\nThe packed packages were not tried, since a check failed.')
}
const tested = step('tests', 'vitest', 'run')

const total = readCounts()
// Vitest may also fail as a whole: a broken configuration, a coverage threshold.
const uncounted = failed.length - (!tested && total.failed > 0 ? 1 : 0)
rmSync(scratch, { recursive: true })
console.log(`\n${timings.join('\n')}`)
if (failed.length > 0) console.log(`\nFailed: ${failed.join(', ')}`)
console.log(
  `\n${total.passed} passed, ${total.failed + uncounted} failed, ${total.skipped} skipped`,
)
process.exit(failed.length > 0 ? 1 : 0)
