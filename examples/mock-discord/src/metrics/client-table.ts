import type { RequestOutcome } from './request-outcome.ts'

/** What one client, or one kind of clients, has done. */
export interface ClientRow {
  readonly client: string
  readonly requests: number
  /** Requests whose `x-attempt` was above 1. */
  readonly retries: number
  readonly highestAttempt: number
  readonly limited: number
  /** Retries that came before the time a 429 or 503 had named. */
  readonly early: number
  /** Attempts above the fourth: the incident prescribes at most 3 retries. */
  readonly excess: number
}

type Row = { -readonly [Key in keyof ClientRow]: ClientRow[Key] }
interface Tracked extends Row {
  /** The earliest time the server wants to see the client again, in ms. */
  notBeforeMs: number
}

export interface ClientRequest {
  readonly client: string
  readonly attempt: number
  readonly outcome: RequestOutcome
  readonly arrivedMs: number
  readonly endedMs: number
  /** What the reply's `Retry-After` said, in ms. */
  readonly retryAfterMs: number | undefined
}

const maxKinds = 32
const maxAttempts = 4

/**
 * Counts by client and by kind of client; the kind is the client's name up to its first `-`, as in `mobile-17`. Both tables are
 * bounded: a new client takes the place of the one that was new longest ago, a kind too many goes under `other`.
 */
export class ClientTable {
  readonly #maxClients: number
  readonly #clients = new Map<string, Tracked>()
  readonly #kinds = new Map<string, Row>()
  #forgotten = 0

  constructor(maxClients: number) {
    this.#maxClients = maxClients
  }

  /** Clients whose counts were given up for newer ones. */
  get forgotten(): number {
    return this.#forgotten
  }

  get size(): number {
    return this.#clients.size
  }

  get kinds(): ClientRow[] {
    return [...this.#kinds.values()].map((row) => ({ ...row }))
  }

  /** Counts a request; tells whose it was, and whether it was a retry too early or too often. */
  record(request: ClientRequest): { readonly kind: string; readonly isViolation: boolean } {
    const tracked = this.#tracked(request.client)
    const early = request.attempt > 1 && request.arrivedMs < tracked.notBeforeMs
    count(tracked, request, early)
    const kind = this.#kind(request.client)
    count(kind, request, early)
    if (request.retryAfterMs !== undefined) {
      tracked.notBeforeMs = request.endedMs + request.retryAfterMs
    } else if (request.outcome === 'ok') {
      tracked.notBeforeMs = Number.NEGATIVE_INFINITY
    }
    return { kind: kind.client, isViolation: early || request.attempt > maxAttempts }
  }

  /** Gives the clients with the most retries, then the most requests. */
  top(limit: number): ClientRow[] {
    return [...this.#clients.values()]
      .sort((a, b) => b.retries - a.retries || b.requests - a.requests)
      .slice(0, limit)
      .map(({ notBeforeMs: _, ...row }) => row)
  }

  #tracked(client: string): Tracked {
    let row = this.#clients.get(client)
    if (!row) {
      if (this.#clients.size >= this.#maxClients) {
        this.#clients.delete(this.#clients.keys().next().value as string)
        this.#forgotten++
      }
      row = { ...emptyRow(client), notBeforeMs: Number.NEGATIVE_INFINITY }
      this.#clients.set(client, row)
    }
    return row
  }

  #kind(client: string): Row {
    const dash = client.indexOf('-')
    let kind = dash > 0 ? client.slice(0, dash) : 'other'
    if (!this.#kinds.has(kind) && this.#kinds.size >= maxKinds) kind = 'other'
    let row = this.#kinds.get(kind)
    if (!row) {
      row = emptyRow(kind)
      this.#kinds.set(kind, row)
    }
    return row
  }
}

function emptyRow(client: string): Row {
  return { client, requests: 0, retries: 0, highestAttempt: 0, limited: 0, early: 0, excess: 0 }
}

function count(row: Row, { attempt, outcome }: ClientRequest, early: boolean): void {
  row.requests++
  if (attempt > 1) row.retries++
  if (attempt > row.highestAttempt) row.highestAttempt = attempt
  if (attempt > maxAttempts) row.excess++
  if (outcome === 'limited') row.limited++
  if (early) row.early++
}
