import { Forked } from '../process/forked.ts'

/** What a batch of calls took, of all threads of its process. */
export interface BatchCost {
  readonly cpuUs: number
  readonly wallMs: number
  /** What as many calls of the first contender took between these, where they are paired. */
  readonly besideCpuUs?: number | undefined
}

const program = new URL('./racer-process.ts', import.meta.url)

/** A contender's process, as seen from outside. */
export class Racer {
  readonly name: string
  readonly #process: Forked

  private constructor(name: string, forked: Forked) {
    this.name = name
    this.#process = forked
  }

  static async start(suite: string, name: string, url: string): Promise<Racer> {
    // Collecting garbage on one thread does the same work without threads that spin for each other.
    const racer = new Racer(name, new Forked(program, [suite, name, url], ['--single-threaded-gc']))
    await racer.#process.next()
    return racer
  }

  run(calls: number): Promise<BatchCost> {
    return this.#process.ask(calls)
  }

  stop(): Promise<void> {
    return this.#process.stop()
  }
}
