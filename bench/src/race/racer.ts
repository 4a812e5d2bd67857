import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** What a batch of calls took, of all threads of its process. */
export interface BatchCost {
  readonly cpuUs: number
  readonly wallMs: number
}

const processFile = fileURLToPath(new URL('./racer-process.ts', import.meta.url))

/** A contender's process, as seen from outside. */
export class Racer {
  readonly name: string
  readonly #process: ChildProcess

  private constructor(name: string, child: ChildProcess) {
    this.name = name
    this.#process = child
  }

  static async start(suite: string, name: string, url: string): Promise<Racer> {
    // Collecting garbage on one thread does the same work without threads that spin for each other.
    const execArgv = ['--single-threaded-gc']
    const racer = new Racer(name, fork(processFile, [suite, name, url], { execArgv }))
    await racer.#next()
    return racer
  }

  async run(calls: number): Promise<BatchCost> {
    this.#process.send(calls)
    return (await this.#next()) as BatchCost
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return
    const exited = once(this.#process, 'exit')
    if (this.#process.connected) this.#process.disconnect()
    await exited
  }

  /** The next message, unless the process ends before. */
  async #next(): Promise<unknown> {
    const ended = new AbortController()
    const { signal } = ended
    const message = once(this.#process, 'message', { signal })
    const exit = once(this.#process, 'exit', { signal })
    exit.catch(() => {})
    message.catch(() => {})
    try {
      return await Promise.race([
        message.then(([value]) => value),
        exit.then(([code]) => {
          throw new Error(`${this.name}: its process ended with ${code}`)
        }),
      ])
    } finally {
      ended.abort()
    }
  }
}
