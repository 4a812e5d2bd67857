import { answerOf } from '../process/answer-of.ts'

/** What one open connection holds in its client. */
export interface ConnectionMemory {
  readonly heapBytes: number
  readonly rssBytes: number
}

const program = new URL('./memory-process.ts', import.meta.url)

/** Opens `count` connections of a kind in a process of its own. */
export function measureMemory(name: string, url: string, count: number): Promise<ConnectionMemory> {
  return answerOf(program, [name, url, String(count)], ['--expose-gc', '--single-threaded-gc'])
}
