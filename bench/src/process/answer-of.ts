import { Forked } from './forked.ts'

/** Runs a program in a process of its own, and gives the one thing it has to say. */
export async function answerOf<T>(
  program: URL,
  args: readonly string[],
  execArgv?: readonly string[],
): Promise<T> {
  const forked = new Forked(program, args, execArgv)
  try {
    return await forked.next<T>()
  } finally {
    await forked.stop()
  }
}
