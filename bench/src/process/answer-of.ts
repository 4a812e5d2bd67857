import { fork } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'

/** Runs a program in a process of its own, and gives the one thing it has to say. */
export async function answerOf<T extends object>(
  program: URL,
  args: readonly string[],
  execArgv: readonly string[] = [],
): Promise<T> {
  const child = fork(program, args, { execArgv: [...process.execArgv, ...execArgv] })
  const [answer] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as unknown[]
  if (typeof answer !== 'object')
    throw new Error(`${args.join(', ')}: its process ended with ${answer}`)
  return answer as T
}
