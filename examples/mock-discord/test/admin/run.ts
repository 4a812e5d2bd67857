import { runCli } from '../../src/cli/run-cli.ts'

/** Runs a command line, and gives its exit code and what it wrote. */
export async function run(...args: string[]) {
  const out: string[] = []
  const err: string[] = []
  const code = await runCli(args, {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    stopped: new AbortController().signal,
  })
  return { code, out: out.join('\n'), err: err.join('\n') }
}
