import { setTimeout as sleep } from 'node:timers/promises'

/** One call, timed, as the operators made it first of all. */
export type Probe = {
  readonly path: string
  readonly durationMs: number
} & (
  | { readonly state: 'answered'; readonly status: number }
  | { readonly state: 'waiting' | 'no answer' | 'failed' }
)

/** Makes one call after the other, and knows of the one under way how long it has taken. */
export class Prober {
  readonly #url: string
  readonly #path: string
  readonly #timeoutMs: number
  readonly #stopped: AbortSignal
  #startedMs = 0
  #underWay: Promise<Probe> | undefined

  constructor(url: string, path: string, timeoutMs: number, stopped: AbortSignal) {
    this.#url = url
    this.#path = path
    this.#timeoutMs = timeoutMs
    this.#stopped = stopped
  }

  /** Waits for an answer, but no longer than this. */
  async look(patienceMs: number): Promise<Probe> {
    this.#underWay ??= this.#call()
    const controller = new AbortController()
    const { signal } = controller
    const late = sleep(patienceMs, undefined, { signal }).catch(() => undefined)
    const probe = await Promise.race([this.#underWay, late])
    controller.abort()
    if (probe) this.#underWay = undefined
    return probe ?? { path: this.#path, state: 'waiting', durationMs: this.#elapsedMs }
  }

  get #elapsedMs(): number {
    return performance.now() - this.#startedMs
  }

  async #call(): Promise<Probe> {
    this.#startedMs = performance.now()
    const path = this.#path
    try {
      const response = await fetch(`${this.#url}/api/v10${path}`, {
        headers: { authorization: 'Bot operator', 'x-client-id': 'operator-cli' },
        signal: AbortSignal.any([this.#stopped, AbortSignal.timeout(this.#timeoutMs)]),
      })
      await response.arrayBuffer()
      return { path, state: 'answered', status: response.status, durationMs: this.#elapsedMs }
    } catch (error) {
      const state = (error as Error).name === 'TimeoutError' ? 'no answer' : 'failed'
      return { path, state, durationMs: this.#elapsedMs }
    }
  }
}
