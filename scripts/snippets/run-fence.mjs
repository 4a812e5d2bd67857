// Runs one fence in Node.js, against the built packages.
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import process from 'node:process'
import { instrument } from './expectations.mjs'
import { isShown } from './shown.mjs'

const standIn = new URL('./stand-in.mjs', import.meta.url).href
const limitMs = 20_000

/**
 * Answers what was wrong, if anything.
 *
 * @type {(path: string, code: string, place: (line: number) => string) => Promise<string[]>}
 */
export async function runFence(path, code, place) {
  const instrumented = instrument(code, path)
  writeFileSync(path, instrumented.code)
  const { expectations } = instrumented
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    NO_COLOR: '1',
    EVENKEEL_EXPECTATIONS: JSON.stringify(expectations),
  }
  /** @type {{ stdout: string, stderr: string, error: any }} */
  const { stdout, stderr, error } = await new Promise((resolve) => {
    const args = ['--import', standIn, path]
    const options = { env, cwd: new URL('.', `file://${path}`), timeout: limitMs }
    const child = execFile(process.execPath, args, options, (error, stdout, stderr) =>
      resolve({ stdout, stderr, error }),
    )
    child.stdin?.end()
  })
  const printed = stdout.split('\n')
  const missing = expectations
    .filter(({ text, printed: isPrinted }) => isPrinted && !isShown(text, [stdout, ...printed]))
    .map(({ line, text }) => `${place(line)}: nothing printed "${text}"`)
  if (!error) return missing
  if (error.killed) return [`${place(1)}: still running after ${limitMs} ms`]
  const told = stderr
    .replace(/^ +at .*node:internal.*\n/gm, '')
    .replace(/(?:file:\/\/)?(\S+?):(\d+)(?=[:)\s])/g, (match, file, line) =>
      file === path ? place(Number(line)) : match,
    )
    .replace(/^line (\d+):/gm, (_match, line) => `${place(Number(line))}:`)
  return [`${place(1)}: failed\n${told.trimEnd().replace(/^/gm, '  ')}`, ...missing]
}
