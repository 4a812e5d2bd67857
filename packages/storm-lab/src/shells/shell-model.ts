import type { Priority, Random } from '@evenkeel/core'
import { noAnswer } from '../backend/answers.ts'
import type { ClientModel } from '../fleet/client-model.ts'
import type { Fleet } from '../fleet/fleet.ts'
import { priorities } from '../scenario/priorities.ts'
import type { ClientCall, Connect } from './connect.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** What Node's fetch says of a connection. */
const codes: Readonly<Record<number, string>> = {
  [noAnswer.refused]: 'ECONNREFUSED',
  [noAnswer.lost]: 'ECONNRESET',
  [noAnswer.offline]: 'ENETUNREACH',
}

/** An attempt that somebody waits for. */
interface Pending {
  readonly call: number
  settle(status: number, retryAfterMs: number): void
}

/** What shells are part of. */
export interface ShellWorld {
  readonly fleet: Fleet
  readonly clock: VirtualClock
  readonly random: Random
  /** Promises have something to do. */
  touched(): void
}

/** Clients that are whole: the async code of a library, on virtual time. */
export class ShellModel implements ClientModel {
  readonly outlivesPatience = true
  readonly #world: ShellWorld
  readonly #connect: Connect
  readonly #clients: ReturnType<Connect>[] = []
  readonly #pending = new Map<number, Pending>()
  /** By call, the attempts of it under way. */
  readonly #open = new Map<number, Set<number>>()

  constructor(world: ShellWorld, connect: Connect) {
    this.#world = world
    this.#connect = connect
  }

  start(call: number): void {
    const { fleet, touched } = this.#world
    const { client, stamp, priority, isRead, isIdempotent } = fleet.calls
    const wanted: ClientCall = {
      url: `https://api.example.com/${call}/${stamp[call]}`,
      method: isRead[call] ? 'GET' : 'POST',
      priority: priorities[priority[call] as number] as Priority,
      idempotent: isIdempotent[call] === 1,
    }
    touched()
    this.#clientOf(client[call] as number)(wanted).then(
      ({ status }) => this.#end(call, status),
      () => this.#end(call, noAnswer.lost),
    )
  }

  answered(_call: number, status: number, retryAfterMs: number, attempt: number): void {
    this.#world.touched()
    this.#pending.get(attempt)?.settle(status, retryAfterMs)
  }

  /** Limits are the shells' own. */
  timedOut(): void {}

  /** As are waits. */
  resumed(): void {}

  forget(client: number): void {
    delete this.#clients[client]
  }

  #clientOf(client: number): ReturnType<Connect> {
    const { clock, random } = this.#world
    const fetch = (input: unknown, init?: RequestInit): Promise<Response> =>
      this.#fetch(String((input as Request).url ?? input), init?.signal ?? undefined)
    this.#clients[client] ??= this.#connect({
      fetch: fetch as typeof globalThis.fetch,
      clock,
      random,
    })
    return this.#clients[client]
  }

  #end(call: number, status: number): void {
    const { fleet } = this.#world
    for (const attempt of this.#open.get(call) ?? []) {
      this.#pending.delete(attempt)
      fleet.abandon(attempt)
    }
    this.#open.delete(call)
    fleet.end(call, status)
  }

  #fetch(url: string, signal: AbortSignal | undefined): Promise<Response> {
    const { fleet } = this.#world
    const [call, stamp] = url.split('/').slice(-2).map(Number) as [number, number]
    return new Promise((resolve, reject) => {
      if (signal?.aborted || fleet.calls.stamp[call] !== stamp) {
        reject(signal?.reason ?? new DOMException('The call is over', 'AbortError'))
        return
      }
      const attempt = fleet.send(call, Infinity)
      const abort = (): void => {
        this.#forgetAttempt(attempt)
        fleet.abandon(attempt)
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', abort, { once: true })
      const open = this.#open.get(call) ?? new Set()
      this.#open.set(call, open.add(attempt))
      this.#pending.set(attempt, {
        call,
        settle: (status, retryAfterMs) => {
          this.#forgetAttempt(attempt)
          signal?.removeEventListener('abort', abort)
          if (status < 100)
            reject(new TypeError('fetch failed', { cause: { code: codes[status] } }))
          else resolve(this.#answer(status, retryAfterMs))
        },
      })
    })
  }

  #forgetAttempt(attempt: number): void {
    const call = this.#pending.get(attempt)?.call as number
    this.#pending.delete(attempt)
    this.#open.get(call)?.delete(attempt)
  }

  /** Each its own: retriers mark an answer that one of them has given up on. */
  #answer(status: number, retryAfterMs: number): Response {
    const headers = Number.isNaN(retryAfterMs) ? {} : { 'retry-after': String(retryAfterMs / 1000) }
    return new Response(null, { status, headers })
  }
}
