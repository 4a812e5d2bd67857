/** What has happened at the WebSocket Gateway. */
export interface SocketCounts {
  /** Upgrades that became connections. */
  readonly accepted: number
  readonly upgradeFailures: {
    readonly overLimit: number
    readonly refused: number
    readonly reset: number
    /** More waited to be accepted than may. */
    readonly queueFull: number
    /** Gone before their turn came; they took it all the same. */
    readonly abandoned: number
    /** No WebSocket handshake the server understands. */
    readonly invalid: number
  }
  readonly identifies: number
  /** Answered op 9: too early for `max_concurrency`. */
  readonly identifiesEarly: number
  readonly resumes: number
  /** Answered op 9: unknown, over, or too much missed. */
  readonly resumesRefused: number
  readonly replayed: number
  readonly dispatched: number
  readonly heartbeats: number
  /** Connections that have ended, by close code; 1006 when nobody said why. */
  readonly closedByServer: Readonly<Record<string, number>>
  readonly closedByClient: Readonly<Record<string, number>>
}

type Failure = keyof SocketCounts['upgradeFailures']
type Count = Exclude<keyof SocketCounts, 'upgradeFailures' | 'closedByServer' | 'closedByClient'>

/** Counts, and knows how many upgrades failed within the last minute. */
export class SocketCounters {
  readonly #now: () => number
  readonly #closes = { server: new Map<number, number>(), client: new Map<number, number>() }
  readonly #failedBySecond = new Map<number, number>()
  readonly #failures: Record<Failure, number> = {
    overLimit: 0,
    refused: 0,
    reset: 0,
    queueFull: 0,
    abandoned: 0,
    invalid: 0,
  }
  readonly #counts: Record<Count, number> = {
    accepted: 0,
    identifies: 0,
    identifiesEarly: 0,
    resumes: 0,
    resumesRefused: 0,
    replayed: 0,
    dispatched: 0,
    heartbeats: 0,
  }

  constructor(now: () => number) {
    this.#now = now
  }

  count(what: Count, by = 1): void {
    this.#counts[what] += by
  }

  failed(why: Failure): void {
    this.#failures[why]++
    const second = this.#second
    for (const old of this.#failedBySecond.keys()) {
      if (old > second - 60) break
      this.#failedBySecond.delete(old)
    }
    this.#failedBySecond.set(second, (this.#failedBySecond.get(second) ?? 0) + 1)
  }

  closed(by: 'server' | 'client', code: number): void {
    this.#closes[by].set(code, (this.#closes[by].get(code) ?? 0) + 1)
  }

  get upgradeFailuresLastMinute(): number {
    let sum = 0
    for (const [second, failed] of this.#failedBySecond) {
      if (second > this.#second - 60) sum += failed
    }
    return sum
  }

  snapshot(): SocketCounts {
    return {
      ...this.#counts,
      upgradeFailures: { ...this.#failures },
      closedByServer: Object.fromEntries(this.#closes.server),
      closedByClient: Object.fromEntries(this.#closes.client),
    }
  }

  get #second(): number {
    return Math.floor(this.#now() / 1_000)
  }
}
