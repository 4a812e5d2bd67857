import { systemClock } from '@evenkeel/core'
import { CommanderError } from 'commander'
import { readCommandLine } from './command-line.ts'
import { lists } from './lists.ts'
import type { ProgressStream } from './progress.ts'
import { run } from './run.ts'

/** What a program has of its process. */
export interface Terminal {
  readonly stdout: { readonly columns?: number | undefined; write(text: string): unknown }
  readonly stderr: ProgressStream
  once(event: 'SIGINT', listener: () => void): unknown
  off(event: 'SIGINT', listener: () => void): unknown
}

/** The exit codes of the program. */
const exitCodes = { ran: 0, notAsExpected: 1, usage: 2, broken: 3, interrupted: 130 } as const

/** Does what a command line asks for, and gives the exit code. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { stdout, stderr } = terminal
  const controller = new AbortController()
  const interrupt = (): void => controller.abort()
  terminal.once('SIGINT', interrupt)
  try {
    const request = readCommandLine(argv, {
      out: (text) => stdout.write(text),
      error: (text) => stderr.write(text),
    })
    if (request.command === 'list') {
      stdout.write(`${lists(stdout.columns)}\n`)
      return exitCodes.ran
    }
    const world = { stdout, stderr, clock: systemClock, signal: controller.signal }
    return (await run(request.run, world)) ? exitCodes.ran : exitCodes.notAsExpected
  } catch (error) {
    // What was wrong with the command line has been told by its reader.
    if (error instanceof CommanderError) return error.exitCode && exitCodes.usage
    if (controller.signal.aborted) return exitCodes.interrupted
    const isUsage = error instanceof RangeError
    stderr.write(
      `storm-lab: ${isUsage ? (error as Error).message.replace(/^storm: /, '') : (error as Error).stack}\n`,
    )
    return isUsage ? exitCodes.usage : exitCodes.broken
  } finally {
    terminal.off('SIGINT', interrupt)
  }
}
