import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** What parked calls cost, each; in CPU time of all threads. */
export interface WaitingCost {
  readonly cpuNs: number
  readonly heapBytes: number
  /** On the signal that all share. */
  readonly listeners: number
  /** From the abort until the last call has ended. */
  readonly abortMs: number
  /** The share of the calls that the abort has ended. */
  readonly aborted: number
}

const processFile = fileURLToPath(new URL('./waiting-process.ts', import.meta.url))

/** Parks `count` calls of a contender in a process of its own. */
export async function measureWaiting(name: string, count: number): Promise<WaitingCost> {
  const child = fork(processFile, [name, String(count)], {
    execArgv: ['--expose-gc', '--single-threaded-gc'],
  })
  const [answer] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as unknown[]
  if (typeof answer !== 'object') throw new Error(`${name}: its process ended with ${answer}`)
  return answer as WaitingCost
}
