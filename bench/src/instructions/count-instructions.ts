import { execFile } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const processFile = fileURLToPath(new URL('./instructions-process.ts', import.meta.url))

/** So many calls that all code is compiled, and so many more that are counted. */
const warmCalls = 20_000
const countedCalls = 30_000

/** Says which valgrind is installed, if any. */
export async function valgrindVersion(): Promise<string | undefined> {
  try {
    return (await execute('valgrind', ['--version'])).stdout.trim()
  } catch {
    return undefined
  }
}

/** How many instructions one call takes: the difference between two runs, one longer than the other. */
export async function countInstructions(table: string, name: string): Promise<number> {
  const [less, more] = await Promise.all([
    countRun(table, name, warmCalls),
    countRun(table, name, warmCalls + countedCalls),
  ])
  return (more - less) / countedCalls
}

async function countRun(table: string, name: string, calls: number): Promise<number> {
  const { stderr } = await execute('valgrind', [
    '--tool=callgrind',
    '--smc-check=all-non-file',
    '--callgrind-out-file=/dev/null',
    process.execPath,
    // One thread, and no clock in when to compile: two runs then differ only by their calls.
    '--single-threaded',
    '--predictable',
    processFile,
    table,
    name,
    String(calls),
  ])
  const instructions = Number(/Collected : (\d+)/.exec(stderr)?.[1])
  if (!instructions) throw new Error(`${name}: valgrind counted nothing:\n${stderr}`)
  return instructions
}
