import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'

/** A program of the suite in a process of its own, which says one thing for each that it is told. */
export class Forked {
  readonly #name: string
  readonly #process: ChildProcess

  constructor(program: URL, args: readonly string[], execArgv: readonly string[] = []) {
    this.#name = args.join(', ')
    this.#process = fork(program, args, { execArgv: [...process.execArgv, ...execArgv] })
  }

  async ask<T>(message: number | string): Promise<T> {
    this.#process.send(message)
    return this.next<T>()
  }

  /** The next thing it says. @throws when the process ends instead */
  async next<T>(): Promise<T> {
    const ended = new AbortController()
    const { signal } = ended
    const message = once(this.#process, 'message', { signal })
    const exit = once(this.#process, 'exit', { signal })
    exit.catch(() => {})
    message.catch(() => {})
    try {
      return (await Promise.race([
        message.then(([value]) => value),
        exit.then(([code]) => {
          throw new Error(`${this.#name}: its process ended with ${code}`)
        }),
      ])) as T
    } finally {
      ended.abort()
    }
  }

  /** Lets it end by itself. */
  async stop(): Promise<void> {
    await this.#end(() => {
      if (this.#process.connected) this.#process.disconnect()
    })
  }

  /** Ends it at once, as a crash does: the system closes what it had open. */
  async kill(): Promise<void> {
    await this.#end(() => this.#process.kill('SIGKILL'))
  }

  async #end(begin: () => void): Promise<void> {
    const { exitCode, signalCode } = this.#process
    if (exitCode !== null || signalCode !== null) return
    const exited = once(this.#process, 'exit')
    begin()
    await exited
  }
}
