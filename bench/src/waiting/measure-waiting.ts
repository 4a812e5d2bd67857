import { answerOf } from '../process/answer-of.ts'

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

const program = new URL('./waiting-process.ts', import.meta.url)

/** Parks `count` calls of a contender in a process of its own. */
export function measureWaiting(name: string, count: number): Promise<WaitingCost> {
  return answerOf(program, [name, String(count)], ['--expose-gc', '--single-threaded-gc'])
}
